import type { Recovery, SaveState, SaveStep } from '../save/saveState.ts';

/** Every word of the dialog that is not an error of its own. */
export const text = {
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  stop: 'Stop',
  done: 'Done',
  facts: { patient: 'Patient', study: 'Study', images: 'Images', segments: 'Segments' },
  noName: 'without a name',
  noDescription: 'without a description',
  slices: (name: string, count: number) => `${name} (${count} ${count === 1 ? 'slice' : 'slices'})`,
  segment: (label: string, type: string, by: string) => `${label} · ${type} · ${by}`,
  byHand: 'by hand',
  by: (name: string) => `with ${name}`,
  noSegments: 'none with voxels yet',
  archive: 'Archive',
  noArchive: 'None that takes objects: download the file.',
  elsewhere: (images: string, target: string) =>
    `The images come from ${images}. The segmentation refers to them; ${target} should have them too.`,
  description: 'Description',
  revisionDescription: 'Description of the revision',
  seriesDescription: 'Series description',
  seriesNumber: 'Series number',
  underReview: 'A lesion is still under review. It is not part of what is saved; accept it first.',
  leftOut: (names: string) => `Without voxels, so left out: ${names}.`,
  saveAs: 'Save as',
  revision: 'Revision of the loaded segmentation',
  newSeries: 'New series',
  joins: (at: number | undefined, name: string) =>
    `Joins series ${at ?? ''} (${name}) as its next instance, and names the one it revises.`,
  opensNew: (maker: string) =>
    `Opens a new series, because the loaded segmentation is by another program or version (${maker}) or on other images; it still names the one it revises.`,
  unnamed: 'not named',
  format: 'Format',
  binary: 'Binary (every reader)',
  labelMap: 'Label map (newer readers only)',
  labelMapDetail:
    'A label map gives each voxel one segment, so it is refused where segments overlap. Many viewers cannot open it yet.',
  stored: 'The archive has the segmentation; it was fetched back and is what was sent.',
  sopInstance: 'SOP Instance UID',
  seriesInstance: 'Series Instance UID',
  stillHere: 'Your segments are still here and can be downloaded.',
  fileKind: 'Kind of file',
  kinds: {
    segmentation: 'DICOM SEG',
    'structure-set': 'DICOM RTSTRUCT (contours)',
    nifti: 'NIfTI label map',
    report: 'DICOM SR (measurements)',
  },
  download: (ending: string) => `Download ${ending}`,
} as const;

export const STEP_NAMES: Readonly<Record<SaveStep, string>> = {
  validate: 'Check what is to be saved',
  encode: 'Write the DICOM segmentation',
  verify: 'Read the file again and compare every voxel',
  send: 'Send it to the archive and read its answer',
  'read-back': 'Fetch it back from the archive',
  compare: 'Compare what came back with what was sent',
};

export const RECOVERY_NAMES: Readonly<Record<Recovery, string>> = {
  edit: 'Back',
  'send-again': 'Send again',
  ask: 'Ask the archive',
  'new-object': 'Save as a new object',
};

export function titleOf(save: SaveState): string {
  if (save.phase === 'stored') return 'Stored';
  if (save.phase !== 'failed') return 'Save segmentation';
  // Whether an object that was sent is in the archive, the failure alone does not say.
  if (save.recovery === 'ask') return 'Not confirmed';
  return save.step === 'compare' ? 'Not stored correctly' : 'Not stored';
}
