/** Histogram bins over the range of relative intensity. */
const BINS = 48;
/** Added to each bin, as a share of all: what was never seen is unlikely, not impossible. */
const FLOOR = 0.01;
const LARGEST_LOG = 3;
const MAD_TO_SD = 1.4826;
/** Added to the spread, in units of the window: a lesion of one value has none. */
const SPREAD_FLOOR = 0.02;

/** Gaussian of 1.5 bins over eleven of them, sum 1. */
const KERNEL = (() => {
  const weights = Array.from({ length: 11 }, (_, index) => Math.exp(-0.5 * ((index - 5) / 1.5) ** 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
})();

/**
 * Median and robust spread of the lesion's values on the key slice; of the whole slice where the lesion has fewer than four.
 * Float32, as the network was trained.
 */
export function relativeScale(
  keyImage: Float32Array,
  core: Uint8Array,
): { readonly median: number; readonly spread: number } {
  const chosen = keyImage.filter((_, cell) => core[cell] === 1);
  const values = chosen.length < 4 ? keyImage.slice() : chosen;
  const median = medianOf(values);
  const deviation = medianOf(values.map((value) => Math.abs(Math.fround(value - median))));
  return { median, spread: Math.fround(MAD_TO_SD * deviation + SPREAD_FLOOR) };
}

/** Sorts in place. */
function medianOf(values: Float32Array): number {
  values.sort();
  const middle = values.length >> 1;
  if (values.length % 2 === 1) return values[middle]!;
  return Math.fround(Math.fround(values[middle - 1]! + values[middle]!) / 2);
}

/** Bin of a relative intensity within ±limit. */
export const placeOf = (relative: number, limit: number): number =>
  Math.min(Math.trunc(Math.fround(relative + limit) * (BINS / (2 * limit))), BINS - 1);

/**
 * Log-likelihood ratio of lesion against surroundings by bin, from two smoothed histograms of the key slice, within ±3.
 * @param relative of the key slice, within ±limit
 */
export function likelihoodTable(
  relative: Float32Array,
  core: Uint8Array,
  beside: Uint8Array,
  limit: number,
): Float64Array {
  const lesion = histogram(relative, core, limit);
  const surroundings = histogram(relative, beside, limit);
  return lesion.map((share, bin) => {
    const log = Math.log(share / surroundings[bin]!);
    return Math.min(Math.max(log, -LARGEST_LOG), LARGEST_LOG);
  });
}

function histogram(relative: Float32Array, where: Uint8Array, limit: number): Float64Array {
  const counts = new Float64Array(BINS);
  for (let cell = 0; cell < where.length; cell += 1) {
    if (where[cell] === 1) counts[placeOf(relative[cell]!, limit)]! += 1;
  }
  const reach = KERNEL.length >> 1;
  const smooth = counts.map((_, bin) =>
    KERNEL.reduce((sum, weight, tap) => sum + weight * (counts[bin + tap - reach] ?? 0), 0),
  );
  const total = smooth.reduce((sum, share) => sum + share, 0);
  const floor = FLOOR * Math.max(total, 1);
  return smooth.map((share) => (share + floor) / (total + BINS * floor));
}
