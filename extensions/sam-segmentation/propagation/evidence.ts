import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { Intensity } from '../mask/measure.ts';
import { boxExtent } from '../prompt/sliceBox.ts';
import type { SliceEvidence } from './endBelief.ts';
import type { SliceGeometry } from './knowledge.ts';

/** What came of a slice. */
export interface SliceOutcome {
  readonly k: number;
  /** mm²; 0 for an empty mask. */
  readonly area: number;
  /** The model's own estimate of the overlap. */
  readonly score: number;
  /** Tight box of the mask; undefined when it is empty. */
  readonly box: SliceBox | undefined;
  /** Of the image inside the mask; undefined when it is empty. */
  readonly intensity: Intensity | undefined;
  /** Share of the mask that lies on the mask of the slice before it on its leg; undefined where either is empty. */
  readonly overlap: number | undefined;
}

/** A mask larger than this many times its box has leaked: a box prompt bounds it, give or take the 5 % of expansion. */
const LEAKED = 2;

/**
 * @param box the planned box of the slice
 * @param lesion intensity on the keyframe
 */
export function evidenceOf(
  outcome: SliceOutcome,
  box: SliceBox,
  lesion: Intensity | undefined,
  { columnSpacing, rowSpacing }: SliceGeometry,
): SliceEvidence {
  const { area, score, overlap, intensity } = outcome;
  const { width, height } = boxExtent(box);
  const shift = shiftOf(intensity, lesion);
  if (intensity === undefined) return { shift, score, broken: 'empty-mask' };
  if (overlap === 0) return { shift, score, broken: 'left-lesion' };
  if (area > LEAKED * width * columnSpacing * height * rowSpacing) return { shift, score, broken: 'area-jump' };
  return { shift, score };
}

/** A lesion of one value (a phantom, a saturated window) has no spread: then any difference is as large as can be. */
function shiftOf(here: Intensity | undefined, lesion: Intensity | undefined): number {
  if (here === undefined || lesion === undefined) return 0;
  const difference = Math.abs(here.median - lesion.median);
  if (difference === 0) return 0;
  return lesion.spread > 0 ? difference / lesion.spread : Number.POSITIVE_INFINITY;
}
