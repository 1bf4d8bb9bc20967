import { useState } from 'react';
import type { Host } from '#extension-api';
import { Button, Select } from '#ui';
import type { SaveState } from '../save/saveState.ts';
import { type DownloadKind, download } from './download.ts';
import styles from './SaveDialog.module.css';
import { text } from './words.ts';

interface DownloadProps {
  readonly host: Host;
  readonly save: Exclude<SaveState, { phase: 'closed' }>;
}

const KINDS: readonly { readonly value: DownloadKind; readonly label: string }[] = [
  { value: 'segmentation', label: text.kinds.segmentation },
  { value: 'structure-set', label: text.kinds['structure-set'] },
  { value: 'nifti', label: text.kinds.nifti },
  { value: 'report', label: text.kinds.report },
];

/** The ways out that need no archive. */
export function DownloadRow({ host, save }: DownloadProps) {
  const [kind, setKind] = useState<DownloadKind>('segmentation');
  const [busy, setBusy] = useState(false);
  const start = async (): Promise<void> => {
    setBusy(true);
    await download(host, save, kind).finally(() => setBusy(false));
  };
  return (
    <div className={styles.download}>
      <Select quiet label={text.fileKind} value={kind} options={KINDS} onChange={setKind} />
      <Button kind="quiet" unavailable={busy} onClick={() => void start()}>
        {text.download(kind === 'nifti' ? '.nii.gz' : '.dcm')}
      </Button>
    </div>
  );
}
