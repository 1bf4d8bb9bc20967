import { useState } from 'react';
import type { Host } from '#extension-api';
import { Button, Select } from '#ui';
import type { SaveState } from '../save/saveState.ts';
import { type DownloadKind, download } from './download.ts';
import styles from './SaveDialog.module.css';

interface DownloadProps {
  readonly host: Host;
  readonly save: Exclude<SaveState, { phase: 'closed' }>;
}

const KINDS: readonly { readonly value: DownloadKind; readonly label: string }[] = [
  { value: 'segmentation', label: 'DICOM SEG' },
  { value: 'structure-set', label: 'DICOM RTSTRUCT (contours)' },
  { value: 'nifti', label: 'NIfTI label map' },
  { value: 'report', label: 'DICOM SR (measurements)' },
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
      <Select quiet label="Kind of file" value={kind} options={KINDS} onChange={setKind} />
      <Button kind="quiet" unavailable={busy} onClick={() => void start()}>
        Download {kind === 'nifti' ? '.nii.gz' : '.dcm'}
      </Button>
    </div>
  );
}
