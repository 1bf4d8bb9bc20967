import { byPatient, type Interval, meanInterval } from './bootstrap.ts';
import { mean } from './summary.ts';

/** One case measured twice. */
export interface Pair {
  readonly patient: string;
  readonly now: number;
  readonly before: number;
}

export interface PairedComparison {
  readonly n: number;
  /** Mean of now - before. */
  readonly difference: number;
  /** 95 %, patients drawn whole. */
  readonly interval: Interval | undefined;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/**
 * Two runs on the same cases.
 * @param tie largest difference, either way, that counts as none
 * @param better which way is good
 */
export function comparePairs(pairs: readonly Pair[], tie: number, better: 'higher' | 'lower'): PairedComparison {
  const gains = pairs.map(({ now, before }) => (better === 'higher' ? now - before : before - now));
  const wins = gains.filter((gain) => gain > tie).length;
  const losses = gains.filter((gain) => gain < -tie).length;
  const differences = byPatient(pairs, ({ patient }) => patient).map((cluster) =>
    cluster.map(({ now, before }) => now - before),
  );
  return {
    n: pairs.length,
    difference: mean(differences.flat()),
    interval: pairs.length === 0 ? undefined : meanInterval(differences),
    wins,
    ties: pairs.length - wins - losses,
    losses,
  };
}
