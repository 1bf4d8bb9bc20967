import { Icon, Progress } from '#ui';
import { SAVE_STEPS, type SaveStep } from '../save/saveState.ts';
import styles from './SaveDialog.module.css';
import { STEP_NAMES } from './words.ts';

interface StepsProps {
  /** The step under way, or the one that failed. */
  readonly current: SaveStep;
  readonly share: number | undefined;
  readonly state: 'running' | 'failed';
}

/** The steps, ticked as they are done. */
export function SaveSteps({ current, share, state }: StepsProps) {
  const at = SAVE_STEPS.indexOf(current);
  return (
    <ol className={styles.steps} aria-live="polite">
      {SAVE_STEPS.map((step, index) => {
        const status = index < at ? 'done' : index > at ? 'waiting' : state;
        return (
          <li key={step} className={styles[status]} aria-current={index === at ? 'step' : undefined}>
            <span className={styles.tick}>
              {status === 'done' ? <Icon name="check" /> : status === 'failed' ? <Icon name="error" /> : null}
            </span>
            <span>{STEP_NAMES[step]}</span>
            {status === 'running' ? <Progress label={STEP_NAMES[step]} share={share} /> : null}
          </li>
        );
      })}
    </ol>
  );
}
