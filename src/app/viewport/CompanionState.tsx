import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import { EmptyState, useReadable } from '#ui';
import { useApp } from '../AppContext.ts';
import { text } from '../text.ts';
import { Cover, OpeningCover } from './Cover.tsx';
import styles from './ViewportPane.module.css';

/** What must be said of the second pane: whether it follows the first, and which tools do nothing in it. */
export function CompanionNotes() {
  const { viewer, commands, tools } = useApp();
  const link = useReadable(viewer.link);
  const tool = useReadable(viewer.activeTool);
  const issues = useReadable(viewer.companion.openSeries)?.series.stack.issues ?? [];
  if (link === undefined) return null;
  const words = text.panes;
  const title =
    tools.find(({ toolName }) => toolName === tool)?.title ??
    commands.all.find(({ activates }) => activates === tool)?.title ??
    words.drawing;
  return (
    <>
      <span className={link.kind === 'apart' ? styles.warning : styles.quiet} role="status">
        {link.kind === 'apart' ? words.apart[link.reason] : words[link.kind]}
      </span>
      {issues.map((issue) => (
        <span key={issue.kind} className={styles.warning}>
          {stackIssueText(issue)}
        </span>
      ))}
      {viewer.worksIn('companion', tool) ? null : (
        <span className={styles.warning} role="status">
          {words.toolElsewhere(title)}
        </span>
      )}
    </>
  );
}

/** The second pane while it has nothing to show. */
export function CompanionCover() {
  const { viewer, pairing } = useApp();
  const open = useReadable(viewer.companion.openSeries);
  const opening = useReadable(pairing.opening);
  const choices = useReadable(pairing.choices);
  if (opening !== undefined && open === undefined) return <OpeningCover opening={opening} />;
  if (open !== undefined) return null;
  return (
    <Cover>
      <EmptyState
        icon="pair"
        title={text.panes.empty}
        detail={choices.length > 1 ? text.panes.emptyDetail : text.panes.none}
      />
    </Cover>
  );
}
