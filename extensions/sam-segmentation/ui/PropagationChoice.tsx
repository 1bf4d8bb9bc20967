import { Button, Select, useReadable } from '#ui';
import type { SamSession } from '../session/session.ts';
import { text } from '../text.ts';
import { LoadingModel, ReadyModel } from './ModelProgress.tsx';
import { OtherSeriesChoice } from './OtherSeriesChoice.tsx';
import styles from './SamPanel.module.css';

const words = text.propagation;

/** Who makes the slices that the reader has not boxed, and where that model runs. Nothing where there is no choice. */
export function PropagationChoice({ session }: { readonly session: SamSession }) {
  const { volume, others, state: prompted } = session.segmenter;
  const choice = useReadable(volume.choice);
  const model = useReadable(prompted);
  if (!volume.offered) return null;
  const name = model.kind === 'ready' ? model.name : words.promptedModel;
  return (
    <>
      <div className={styles.row}>
        <span className={styles.label}>{words.label}</span>
        <Select
          label={words.choice}
          value={choice}
          options={[
            { value: 'volume', label: words.volume },
            { value: 'sam', label: words.sam(name) },
          ]}
          onChange={(next) => volume.choose(next === 'sam' ? 'sam' : 'volume')}
        />
      </div>
      {choice === 'volume' ? (
        <>
          <VolumeState session={session} prompted={name} />
          {others === undefined ? null : <OtherSeriesChoice others={others} />}
        </>
      ) : null}
    </>
  );
}

function VolumeState({ session, prompted }: { readonly session: SamSession; readonly prompted: string }) {
  const { volume } = session.segmenter;
  const state = useReadable(volume.state);
  switch (state.kind) {
    case 'not-loaded':
      return null;
    case 'loading':
      return <LoadingModel state={state} whose={words.volumeModel} />;
    case 'ready':
      return <ReadyModel state={state} />;
    case 'failed':
      return (
        <div className={styles.problem} role="alert">
          <p>{words.failed(prompted)}</p>
          <p className={styles.quiet}>{state.error.message}</p>
          <Button onClick={() => void volume.get()}>{words.again}</Button>
        </div>
      );
  }
}
