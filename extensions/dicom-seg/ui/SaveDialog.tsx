import type { ReactNode } from 'react';
import type { Host } from '#extension-api';
import { Button, Dialog, useReadable } from '#ui';
import type { Saver } from '../save/saveSession.ts';
import type { SaveState } from '../save/saveState.ts';
import { DownloadRow } from './DownloadRow.tsx';
import styles from './SaveDialog.module.css';
import { SaveForm } from './SaveForm.tsx';
import { SaveSteps } from './SaveSteps.tsx';
import { RECOVERY_NAMES, text, titleOf } from './words.ts';

interface SaveProps {
  readonly host: Host;
  readonly saver: Saver;
}

/** What goes where; then each step as it is done; then that it is stored, or what went wrong and what to do. */
export function SaveDialog({ host, saver }: SaveProps) {
  const save = useReadable(saver.state);
  if (save.phase === 'closed') return null;
  return (
    <Dialog
      open
      onClose={() => saver.send({ kind: 'close' })}
      title={titleOf(save)}
      closeLabel={text.close}
      actions={<Actions host={host} saver={saver} save={save} />}
    >
      <Body host={host} saver={saver} save={save} />
    </Dialog>
  );
}

type Open = Exclude<SaveState, { phase: 'closed' }>;

export function Body({ host, saver, save }: SaveProps & { readonly save: Open }): ReactNode {
  switch (save.phase) {
    case 'editing':
      return <SaveForm host={host} saver={saver} form={save.form} />;
    case 'running':
      return <SaveSteps current={save.step} share={save.share} state="running" />;
    case 'failed':
      return (
        <>
          <SaveSteps current={save.step} share={undefined} state="failed" />
          <div className={styles.failure} role="alert">
            <p>
              <strong>{save.error.message}</strong>
            </p>
            {save.error.remedy === undefined ? null : <p>{save.error.remedy}</p>}
            {save.error.cause === undefined ? null : <p className={styles.quiet}>{save.error.cause}</p>}
            {save.step === 'validate' ? null : <p className={styles.quiet}>{text.stillHere}</p>}
          </div>
        </>
      );
    case 'stored':
      return <Stored save={save} />;
  }
}

function Stored({ save }: { readonly save: Extract<Open, { phase: 'stored' }> }) {
  const { encoded, warnings } = save;
  return (
    <div className={styles.stored} role="status">
      <p>{text.stored}</p>
      <dl className={styles.uids}>
        <dt>{text.sopInstance}</dt>
        <dd>{encoded.sopInstanceUID}</dd>
        <dt>{text.seriesInstance}</dt>
        <dd>{encoded.seriesInstanceUID}</dd>
      </dl>
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}

export function Actions({ host, saver, save }: SaveProps & { readonly save: Open }) {
  const download = <DownloadRow host={host} save={save} />;
  switch (save.phase) {
    case 'editing':
      return (
        <>
          {download}
          <Button onClick={() => saver.send({ kind: 'close' })}>{text.cancel}</Button>
          <Button kind="primary" icon="save" onClick={() => saver.send({ kind: 'start' })}>
            {text.save}
          </Button>
        </>
      );
    case 'running':
      return (
        <>
          {download}
          <Button onClick={() => saver.send({ kind: 'close' })}>{text.stop}</Button>
        </>
      );
    case 'failed':
      return (
        <>
          {download}
          <Button onClick={() => saver.send({ kind: 'close' })}>{text.close}</Button>
          <Button kind="primary" onClick={() => saver.send({ kind: 'recover' })}>
            {RECOVERY_NAMES[save.recovery]}
          </Button>
        </>
      );
    case 'stored':
      return (
        <>
          {download}
          <Button kind="primary" icon="check" onClick={() => saver.send({ kind: 'close' })}>
            {text.done}
          </Button>
        </>
      );
  }
}
