import type { SegmentVoxels, SliceMask } from '../labelmap/labelmap.ts';

/** Voxels of two segmentations of the same grid. */
export interface OverlapCount {
  readonly shared: number;
  readonly truth: number;
  readonly found: number;
}

/** How far one slice agrees. */
export interface SliceAgreement extends OverlapCount {
  readonly k: number;
  /** 2D Dice; 0 where only one of the two has voxels. */
  readonly dice: number;
}

const EMPTY: SliceMask = new Uint8Array(0);

/** Dice overlap: 1 where both are empty. */
export const diceOf = ({ shared, truth, found }: OverlapCount): number =>
  truth + found === 0 ? 1 : (2 * shared) / (truth + found);

/** Voxels in one of the two alone. */
export const wrongVoxels = ({ shared, truth, found }: OverlapCount): number => truth + found - 2 * shared;

/** Every slice on which at least one of the two has voxels, ascending in k. */
export function agreementBySlice(truth: SegmentVoxels, found: SegmentVoxels): readonly SliceAgreement[] {
  const slices = [...new Set([...truth.keys(), ...found.keys()])].sort((a, b) => a - b);
  return slices
    .map((k) => ({ k, ...countOverlap(truth.get(k) ?? EMPTY, found.get(k) ?? EMPTY) }))
    .filter((count) => count.truth + count.found > 0)
    .map((count) => ({ ...count, dice: diceOf(count) }));
}

/** Dice overlap of two whole lesions. */
export const dice = (truth: SegmentVoxels, found: SegmentVoxels): number =>
  diceOf(
    agreementBySlice(truth, found).reduce(
      (total, slice) => ({
        shared: total.shared + slice.shared,
        truth: total.truth + slice.truth,
        found: total.found + slice.found,
      }),
      { shared: 0, truth: 0, found: 0 },
    ),
  );

function countOverlap(truth: SliceMask, found: SliceMask): OverlapCount {
  let [shared, inTruth, inFound] = [0, 0, 0];
  for (let index = 0; index < Math.max(truth.length, found.length); index += 1) {
    const [a, b] = [truth[index] ?? 0, found[index] ?? 0];
    inTruth += a;
    inFound += b;
    shared += a & b;
  }
  return { shared, truth: inTruth, found: inFound };
}
