import { mean } from './summary.ts';

/** A model's own estimate of its overlap, and the overlap that came out; both 0 to 1. */
export interface ScoredOverlap {
  readonly score: number;
  readonly dice: number;
}

/**
 * Area under the ROC curve of a low score as a warning of a bad slice: how often a bad slice scores lower than a good one,
 * equal scores counting half (Mann-Whitney). NaN where all slices are good, or all bad.
 * @param badBelow Dice under which a slice is bad
 */
export function badSliceAuroc(slices: readonly ScoredOverlap[], badBelow: number): number {
  const sorted = [...slices].sort((a, b) => a.score - b.score);
  let [goodSoFar, good, bad, disorder] = [0, 0, 0, 0];
  for (let from = 0; from < sorted.length; ) {
    let [tiedGood, tiedBad, to] = [0, 0, from];
    while (to < sorted.length && sorted[to]!.score === sorted[from]!.score) {
      if (sorted[to]!.dice < badBelow) tiedBad += 1;
      else tiedGood += 1;
      to += 1;
    }
    disorder += tiedBad * (goodSoFar + tiedGood / 2);
    goodSoFar += tiedGood;
    [good, bad] = [good + tiedGood, bad + tiedBad];
    from = to;
  }
  return good === 0 || bad === 0 ? Number.NaN : 1 - disorder / (good * bad);
}

/** Slices whose score lies in one part of the scale. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  readonly meanScore: number;
  readonly meanDice: number;
  /** Share of slices with a Dice below the limit. */
  readonly bad: number;
}

export interface Reliability {
  /** Ascending; bins without a slice are left out. The last one includes its upper end. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: mean of |mean score - mean Dice| over the bins, weighted by their slices. */
  readonly error: number;
}

/** Whether a score of 0.8 means a Dice of 0.8. Scores outside 0 to 1 count in the bin at that end. */
export function reliabilityOf(slices: readonly ScoredOverlap[], badBelow: number, parts = 10): Reliability {
  const binOf = (score: number): number => Math.min(parts - 1, Math.max(0, Math.floor(score * parts)));
  const bins = Array.from({ length: parts }, (_, bin) => {
    const inside = slices.filter(({ score }) => binOf(score) === bin);
    return {
      from: bin / parts,
      to: (bin + 1) / parts,
      n: inside.length,
      meanScore: mean(inside.map(({ score }) => score)),
      meanDice: mean(inside.map(({ dice }) => dice)),
      bad: mean(inside.map(({ dice }) => Number(dice < badBelow))),
    };
  }).filter(({ n }) => n > 0);
  const error = bins.reduce((sum, { n, meanScore, meanDice }) => sum + n * Math.abs(meanScore - meanDice), 0);
  return { bins, error: slices.length === 0 ? 0 : error / slices.length };
}
