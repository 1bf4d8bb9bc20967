import { Button, useReadable } from '#ui';
import { failureOf } from '../session/lesionFailure.ts';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import { LoadingModel, ReadyModel } from './ModelProgress.tsx';
import styles from './SamPanel.module.css';

/** Which model runs where, and why there. */
export function ModelState({ session }: { readonly session: SamSession }) {
  const state = useReadable(session.segmenter.state);
  const { lesion } = useReadable(session.state);
  switch (state.kind) {
    case 'not-loaded':
      return (
        <>
          <p className={styles.quiet}>{text.model.notLoaded}</p>
          <SentTo label={state.sentTo} />
        </>
      );
    case 'loading':
      return <LoadingModel state={state} />;
    case 'ready':
      return (
        <>
          <SentTo label={state.sentTo} />
          <ReadyModel state={state} />
        </>
      );
    case 'failed':
      // The lesion that waits for the model has told it already, with a button of its own.
      if (failureOf(lesion) === state.error) return null;
      return (
        <div className={styles.problem} role="alert">
          <p>{state.error.message}</p>
          {state.error.remedy === undefined ? null : <p>{state.error.remedy}</p>}
          <Button onClick={() => void session.segmenter.get()}>{text.model.again}</Button>
        </div>
      );
  }
}

/** Never folded away: whoever draws a box must know that its slices go elsewhere. */
function SentTo({ label }: { readonly label: string | undefined }) {
  if (label === undefined) return null;
  return (
    <p className={styles.warning} role="status">
      {text.model.sentTo(label)}
    </p>
  );
}
