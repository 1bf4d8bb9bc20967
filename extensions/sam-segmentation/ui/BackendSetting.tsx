import { Segmented, useReadable } from '#ui';
import { BACKEND_CHOICES, type BackendChoice } from '../session/backendChoice.ts';
import { backendInUseText, backendWords as words } from '../session/backendText.ts';
import type { SegmenterSource } from '../session/segmenterPort.ts';
import styles from './SamPanel.module.css';

interface BackendSettingProps {
  readonly choice: BackendChoice;
  readonly segmenter: Pick<SegmenterSource, 'state'>;
}

/** On what the models run: the reader's wish, and what came of it. */
export function BackendSetting({ choice, segmenter }: BackendSettingProps) {
  const wanted = useReadable(choice.state);
  const applied = useReadable(choice.applied);
  const model = useReadable(segmenter.state);
  return (
    <div className={styles.backend}>
      <Segmented
        label={words.label}
        value={wanted}
        options={BACKEND_CHOICES.map((value) => ({ value, label: words.names[value] }))}
        onChange={(next) => choice.choose(next)}
      />
      <p className={styles.quiet} role="status">
        {model.kind !== 'not-loaded' && wanted !== applied ? words.later : backendInUseText(model, applied)}
      </p>
    </div>
  );
}
