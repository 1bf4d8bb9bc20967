import type { Recovery, SaveState, SaveStep } from '../save/saveState.ts';

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

export const titleOf = (save: SaveState): string =>
  save.phase === 'stored' ? 'Stored' : save.phase === 'failed' ? 'Not stored' : 'Save segmentation';
