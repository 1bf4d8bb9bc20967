/** How doubtful masks of a volume model are made with a promptable model; `combination` of the manifest has this shape. */
export type Combination =
  | { readonly rule: 'volume' }
  | { readonly rule: 'prompted' | 'mean-logits'; readonly below: number; readonly atMost: number };

/** The slices that the promptable model looks at again: the lowest scores, at most so many, in slice order. */
export function slicesToRefine(
  combination: Combination,
  slices: readonly { readonly k: number; readonly score: number | undefined }[],
): readonly number[] {
  if (combination.rule === 'volume') return [];
  const { below, atMost } = combination;
  return slices
    .flatMap(({ k, score }) => (score !== undefined && score < below ? [{ k, score }] : []))
    .sort((a, b) => a.score - b.score || a.k - b.k)
    .slice(0, atMost)
    .map(({ k }) => k)
    .sort((a, b) => a - b);
}

/**
 * Logits of the two models on the pixels of a slice, both above 0 inside, as one. A model that did not look at a pixel
 * (-Infinity) says that it is outside.
 * @param promptedPerLogit how much of the promptable model's logit counts as 1 of the volume model's
 */
export function combinedLogits(
  rule: Exclude<Combination['rule'], 'volume'>,
  volume: Float32Array,
  prompted: Float32Array,
  promptedPerLogit = 1,
): Float32Array {
  if (rule === 'prompted') return prompted;
  return prompted.map((logit, pixel) => (logit / promptedPerLogit + volume[pixel]!) / 2);
}
