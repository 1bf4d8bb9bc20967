import { Progress } from '#ui';
import type { ModelState } from '../session/segmenterPort.ts';
import { text } from '../text.ts';
import styles from './SamPanel.module.css';

type Of<K extends ModelState['kind']> = Extract<ModelState, { readonly kind: K }>;

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** A model on its way: what is being done, and how far it is. */
export function LoadingModel({ state, whose }: { readonly state: Of<'loading'>; readonly whose?: string }) {
  const { doneBytes, totalBytes } = state;
  const doing = whose === undefined ? state.doing : `${whose}: ${state.doing}`;
  return (
    <div className={styles.model} role="status">
      <span>
        {doing}
        {totalBytes === undefined ? '' : text.model.megabytes(megabytes(doneBytes), megabytes(totalBytes))}
      </span>
      <Progress label={doing} share={totalBytes === undefined ? undefined : doneBytes / totalBytes} />
    </div>
  );
}

/** Which model runs, on what, and why there. */
export const ReadyModel = ({ state }: { readonly state: Of<'ready'> }) => (
  <details className={styles.model}>
    <summary>
      {state.name} · {state.backend}
    </summary>
    {state.notes.map((note) => (
      <p key={note} className={styles.quiet}>
        {note}
      </p>
    ))}
  </details>
);
