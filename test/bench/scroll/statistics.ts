import { bootstrapInterval, type Interval } from '#core/statistics/bootstrap.ts';

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

export interface Ratio {
  readonly ratio: number;
  /** 95 %, bootstrapped over the rounds; a round holds one run of each. */
  readonly interval: Interval | undefined;
}

/** Geometric mean of ours over theirs, round by round. */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Ratio {
  const logs = ours.map((value, round) => Math.log(value / theirs[round]!));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const interval = bootstrapInterval(
    logs.map((value) => [value]),
    (drawn) => Math.exp(mean(drawn)),
  );
  return { ratio: Math.exp(mean(logs)), interval };
}
