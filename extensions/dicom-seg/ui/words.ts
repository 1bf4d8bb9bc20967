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

export function titleOf(save: SaveState): string {
  if (save.phase === 'stored') return 'Stored';
  if (save.phase !== 'failed') return 'Save segmentation';
  // Whether an object that was sent is in the archive, the failure alone does not say.
  if (save.recovery === 'ask') return 'Not confirmed';
  return save.step === 'compare' ? 'Not stored correctly' : 'Not stored';
}
