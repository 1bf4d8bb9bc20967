import type { SliceMask } from '#core/labelmap/labelmap.ts';

/** Dice overlap of two lesions, each by slice; 1 where both are empty. */
export function dice(a: ReadonlyMap<number, SliceMask>, b: ReadonlyMap<number, SliceMask>): number {
  let shared = 0;
  let sum = 0;
  for (const [k, mask] of a) {
    const other = b.get(k);
    for (let index = 0; index < mask.length; index += 1) {
      sum += mask[index]!;
      if (other !== undefined) shared += mask[index]! & other[index]!;
    }
  }
  for (const mask of b.values()) for (let index = 0; index < mask.length; index += 1) sum += mask[index]!;
  return sum === 0 ? 1 : (2 * shared) / sum;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const RESAMPLES = 10_000;
const SEED = 20261122;

/** 95 % percentile bootstrap interval of the mean, the same at every run. */
export function bootstrapInterval(values: readonly number[]): readonly [low: number, high: number] {
  const random = mulberry32(SEED);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(random() * values.length)]!;
    return sum / values.length;
  }).sort();
  return [means[Math.floor(0.025 * RESAMPLES)]!, means[Math.ceil(0.975 * RESAMPLES) - 1]!];
}

/** Small seeded generator, 0 <= x < 1 (Tommy Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
