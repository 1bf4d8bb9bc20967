import { mean } from './summary.ts';

/** Bounds of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  /** Default 10 000. */
  readonly resamples?: number;
  readonly seed?: number;
}

const SEED = 20261122;

/**
 * 95 % percentile bootstrap interval (Efron and Tibshirani, 1993), the same at every run. What is drawn is whole clusters: the
 * values of one patient belong together, and drawing them apart would make the interval too narrow.
 * @param clusters values by patient, one cluster at least
 * @param statistic of all drawn values together; draws for which it is NaN (an AUROC without a bad slice, say) are left out
 * @returns undefined where no draw has a statistic
 */
export function bootstrapInterval<T>(
  clusters: readonly (readonly T[])[],
  statistic: (values: readonly T[]) => number,
  { resamples = 10_000, seed = SEED }: BootstrapOptions = {},
): Interval | undefined {
  const random = mulberry32(seed);
  const drawn: number[] = [];
  for (let resample = 0; resample < resamples; resample += 1) {
    const values = clusters.flatMap(() => clusters[Math.floor(random() * clusters.length)]!);
    const value = statistic(values);
    if (!Number.isNaN(value)) drawn.push(value);
  }
  if (drawn.length === 0) return undefined;
  drawn.sort((a, b) => a - b);
  const at = (index: number): number => drawn[Math.min(drawn.length - 1, Math.max(0, index))]!;
  return [at(Math.floor(0.025 * drawn.length)), at(Math.ceil(0.975 * drawn.length) - 1)];
}

/** Values by the patient they belong to, in the order of first appearance. */
export const byPatient = <T>(items: readonly T[], patientOf: (item: T) => string): readonly (readonly T[])[] => {
  const clusters = new Map<string, T[]>();
  for (const item of items) {
    const patient = patientOf(item);
    const cluster = clusters.get(patient);
    if (cluster === undefined) clusters.set(patient, [item]);
    else cluster.push(item);
  }
  return [...clusters.values()];
};

/** Interval of the mean. */
export const meanInterval = (
  clusters: readonly (readonly number[])[],
  options?: BootstrapOptions,
): Interval | undefined => bootstrapInterval(clusters, mean, options);

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
