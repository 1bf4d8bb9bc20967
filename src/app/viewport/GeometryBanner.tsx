import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import { Icon, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import styles from './GeometryBanner.module.css';

/** What is wrong with the geometry of the open series, and with its files: said before anything is segmented. */
export function GeometryBanner() {
  const { viewer } = useApp();
  const stack = useReadable(viewer.openSeries)?.series.stack;
  const failures = useReadable(viewer.failures);
  const sentences = [
    ...(stack?.issues ?? []).map(stackIssueText),
    ...(stack?.use === 'view' ? [text.series.viewOnly] : []),
    ...(failures.length === 0
      ? []
      : [
          text.series.missingPixels(
            failures.map(({ k }) => k + 1),
            failures[0]?.error.message ?? '',
          ),
        ]),
  ];
  if (sentences.length === 0) return null;
  return (
    <div className={styles.banner} role="status" aria-label={text.series.geometry}>
      <Icon name="warning" />
      <div>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </div>
  );
}
