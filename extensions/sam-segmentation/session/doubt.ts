import type { Lesion } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';

/** A score this far below the lesion's own median, in robust standard deviations, deserves a look. */
const DOUBTFUL_DEVIATIONS = 2;
/** Scores of one lesion differ by at least this much for no reason. */
const SMALLEST_SPREAD = 0.01;
/** An area that is smaller than those of both neighbours, or larger, by more than this share deserves a look. */
const DOUBTFUL_AREA_SHARE = 0.4;

/**
 * Slices that the reader should look at first: scores low for this lesion, or an area out of line with both neighbours. Relative
 * to the lesion itself, since a score means something else in every modality. Ascending.
 */
export function doubtfulSlices(lesion: Lesion): readonly number[] {
  const results = lesionResults(lesion);
  const keyframes = 'prompts' in lesion ? lesion.prompts.slices : new Map();
  const scores = [...results.values()].flatMap(({ score }) => (score === undefined ? [] : [score]));
  const middle = median(scores);
  const spread = Math.max(SMALLEST_SPREAD, 1.4826 * median(scores.map((score) => Math.abs(score - middle))));
  return [...results]
    .filter(([k, { score, area }]) => {
      // What the reader has boxed, the reader has looked at.
      if (keyframes.has(k)) return false;
      if (score !== undefined && score < middle - DOUBTFUL_DEVIATIONS * spread) return true;
      const below = results.get(k - 1)?.area;
      const above = results.get(k + 1)?.area;
      if (below === undefined || above === undefined) return false;
      // Beyond both, so that one bad slice does not throw doubt on the good ones beside it.
      return (
        area < (1 - DOUBTFUL_AREA_SHARE) * Math.min(below, above) ||
        area > (1 + DOUBTFUL_AREA_SHARE) * Math.max(below, above)
      );
    })
    .map(([k]) => k)
    .sort((a, b) => a - b);
}

/** The next one above the slice in view, starting again from the first. */
export function nextDoubtful(slices: readonly number[], current: number): number | undefined {
  return slices.find((k) => k > current) ?? slices[0];
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
