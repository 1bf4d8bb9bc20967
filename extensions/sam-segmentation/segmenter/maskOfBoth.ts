import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import { maskAbove, maskOfPart } from '../mask/maskFromLogits.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import { type Combination, combinedLogits } from '../volume/combine.ts';
import { logitsAbove, pixelsInside, type RegionLogits } from '../volume/toSlices.ts';
import { maskInBox } from './maskInBox.ts';
import { turn } from './pacer.ts';
import type { SliceSegmenter } from './sliceSegmenter.ts';

/** How two models make one mask; `promptedPerLogit` as {@link combinedLogits} takes it. */
export interface Share {
  readonly rule: Exclude<Combination['rule'], 'volume'>;
  readonly promptedPerLogit?: number;
}

/**
 * A slice's mask by the promptable model and the volume model together, in the prompt's box. Only the pixels that the volume
 * model has looked at are computed, unless the promptable model decides alone: the mean is outside elsewhere.
 * @param threshold of the volume model's logits
 * @returns errors of the source and of the promptable model
 */
export async function maskOfBoth(
  segmenter: SliceSegmenter,
  found: RegionLogits,
  { k, box, points }: SlicePrompt & { readonly k: number },
  threshold: number,
  { rule, promptedPerLogit }: Share,
  options: InferenceOptions,
): Promise<Result<SliceMask>> {
  const { columns, rows } = found;
  const whole: SliceBox = { x0: 0, y0: 0, x1: columns - 1, y1: rows - 1 };
  const part = (rule === 'mean-logits' && pixelsInside(found)) || whole;
  const prompted = await segmenter.logits(k, { box, points }, part, options);
  if (!prompted.ok) return prompted;
  await turn();
  const own = logitsAbove(found, k, threshold, part);
  const logits = combinedLogits(rule, own, prompted.value, promptedPerLogit);
  return ok(await maskInBox(maskOfPart(maskAbove(logits, 0), part, found), box, columns));
}
