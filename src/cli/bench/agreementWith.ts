import { agreementBySlice, dice } from '#core/agreement/overlap.ts';
import { type MaskGrid, robustHausdorff, surfaceDice, surfaceDistances } from '#core/agreement/surfaceDistance.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { mean } from '#core/statistics/summary.ts';
import type { Direction, Lesion, SliceSource } from '../../../extensions/sam-segmentation/node.ts';
import { type LesionRun, masksOf } from '../lesionRunner.ts';
import type { Agreement, OneBoxResult } from './report.ts';
import type { Truth } from './truth.ts';

/** Distance within which two surfaces are the same, mm. */
const TOLERANCE_MM = 2;

/** The grid of a series for surfaces; slices of uneven distance are taken at their mean. */
export function gridOf({ columns, rows, geometry }: SliceSource): MaskGrid {
  const { positions, columnSpacing, rowSpacing } = geometry;
  const extent = positions.at(-1)! - positions[0]!;
  const thickness = positions.length > 1 ? Math.abs(extent) / (positions.length - 1) : 1;
  return { columns, rows, spacing: [columnSpacing, rowSpacing, thickness] };
}

/** How well a result agrees with the expert. */
export function agreementWith({ masks }: Truth, found: SegmentVoxels, grid: MaskGrid): Agreement {
  const distances = surfaceDistances(masks, found, grid);
  const hd95 = robustHausdorff(distances, 0.95);
  return {
    dice: dice(masks, found),
    surfaceDice: surfaceDice(distances, TOLERANCE_MM),
    hd95: Number.isFinite(hd95) ? hd95 : null,
  };
}

/** All that is measured of the lesion that one box gave. */
export function oneBoxResult(truth: Truth, k: number, run: LesionRun, grid: MaskGrid): OneBoxResult {
  const { lesion, seconds, cpuSeconds, slicesSegmented } = run;
  const masks = masksOf(lesion);
  const slices = agreementBySlice(truth.masks, masks).map((slice) => {
    const made = lesion.slices.get(slice.k);
    return {
      k: slice.k,
      dice: slice.dice,
      score: made?.score ?? null,
      truthVoxels: slice.truth,
      foundVoxels: slice.found,
      origin: made?.origin ?? null,
    };
  });
  return {
    ...agreementWith(truth, masks, grid),
    prompts: 1,
    keySliceDice: slices.find((slice) => slice.k === k)?.dice ?? 0,
    meanSliceDice: mean(slices.filter(({ truthVoxels }) => truthVoxels > 0).map((slice) => slice.dice)),
    ends: {
      'towards-first': endOf(lesion, 'towards-first', truth.first, -1),
      'towards-last': endOf(lesion, 'towards-last', truth.last, 1),
    },
    slices,
    seconds,
    cpuSeconds,
    slicesSegmented,
  };
}

function endOf({ ends }: Lesion, direction: Direction, trueEnd: number, outward: 1 | -1) {
  const end = ends[direction];
  if (end === undefined) throw new Error(`A lesion from one box has no end ${direction}`);
  return { slices: (end.k - trueEnd) * outward, reason: end.reason };
}
