import { assertNever } from '#core/errors.ts';

/** Towards k = 0, or towards the last slice. */
export type Direction = 'towards-first' | 'towards-last';

/** Why a propagation ended where it did, in one direction. */
export type StopReason =
  | 'range'
  | 'expected-end'
  | 'intensity-shift'
  | 'low-score'
  | 'empty-mask'
  | 'left-lesion'
  | 'area-jump'
  | 'end-of-stack'
  | 'missing-slice'
  | 'model-end'
  | 'unsure-end'
  | 'region-limit'
  | 'cancelled';

/** One sentence for the reader. */
export function stopReasonText(reason: StopReason): string {
  switch (reason) {
    case 'range':
      return 'Reached the end slice you gave.';
    case 'expected-end':
      return 'Reached the end expected from the size of the box; check it, or drag the end.';
    case 'intensity-shift':
      return 'The tissue in the mask no longer looks like the lesion on the key slice.';
    case 'low-score':
      return 'The model is no longer sure of its mask.';
    case 'empty-mask':
      return 'The model finds nothing more inside the expected box.';
    case 'left-lesion':
      return 'The mask no longer overlaps that of the slice before.';
    case 'area-jump':
      return 'The mask suddenly became much larger than expected; it may have leaked into other tissue.';
    case 'end-of-stack':
      return 'The series ends here; the lesion may go on beyond it.';
    case 'missing-slice':
      return 'Images are missing here; set the range yourself to go on across the gap.';
    case 'model-end':
      return 'The volume model sees the lesion end here.';
    case 'unsure-end':
      return 'The mask ends here, but the volume model would not rule out lesion beyond; check it.';
    case 'region-limit':
      return 'The volume model looked no further; box this slice, or drag the end, to go on.';
    case 'cancelled':
      return 'Stopped by you.';
    default:
      return assertNever(reason);
  }
}
