import type { SliceMask } from './labelmap.ts';

/** Modality values (HU, SUV...) of the voxels of a segment. */
export interface IntensityStatistics {
  readonly voxels: number;
  readonly mean: number;
  /** Of the population: divided by n. */
  readonly standardDeviation: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Running sums by Welford's method (Technometrics 4(3), 1962): no cancellation for values far from zero. */
interface RunningSums {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly minimum: number;
  readonly maximum: number;
}

export const NO_VALUES: RunningSums = {
  count: 0,
  mean: 0,
  squares: 0,
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
};

/** Adds one slice. Values that are not finite (padding of derived maps) are left out. */
export function withSliceValues(sums: RunningSums, mask: SliceMask, values: Float32Array): RunningSums {
  if (mask.length !== values.length) throw new Error(`Mask of ${mask.length} pixels on an image of ${values.length}`);
  let { count, mean, squares, minimum, maximum } = sums;
  for (let index = 0; index < mask.length; index += 1) {
    if (mask[index] !== 1) continue;
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    count += 1;
    const offset = value - mean;
    mean += offset / count;
    squares += offset * (value - mean);
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { count, mean, squares, minimum, maximum };
}

/** @returns undefined where no voxel has a value */
export function statisticsOf(sums: RunningSums): IntensityStatistics | undefined {
  if (sums.count === 0) return undefined;
  const { count, mean, squares, minimum, maximum } = sums;
  return { voxels: count, mean, standardDeviation: Math.sqrt(squares / count), minimum, maximum };
}

/** The same in other units; the factor is positive. */
export const scaledStatistics = (
  { voxels, mean, standardDeviation, minimum, maximum }: IntensityStatistics,
  factor: number,
): IntensityStatistics => ({
  voxels,
  mean: mean * factor,
  standardDeviation: standardDeviation * factor,
  minimum: minimum * factor,
  maximum: maximum * factor,
});
