import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import { fillHoles, keepOverlapping } from '../mask/components.ts';
import { maskAbove } from '../mask/maskFromLogits.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import { combinedLogits } from '../volume/combine.ts';
import { logitsOnSlice, valueOnSlice } from '../volume/toSlices.ts';
import { pacer } from './pacer.ts';
import type { MeasuredMask, SliceSegmenter } from './sliceSegmenter.ts';
import type { VolumeLesion } from './volumeSegmenter.ts';

/** A slice of which a model may say nothing of its own quality. */
export type BoxedSlice = MeasuredMask & { readonly k: number; readonly score: number | undefined };

/** How both models have their say in a slice with this prompt; undefined where the promptable model decides alone: points are its own. */
export const seenByBoth = (promptable: string, { boxed }: VolumeManifest, { points }: SlicePrompt) =>
  boxed?.rule === 'mean-logits' && boxed.with === promptable && points.length === 0 ? boxed : undefined;

/** A slice with what the reader said of it. */
type Prompted = SlicePrompt & { readonly k: number };

/**
 * A slice that the reader has boxed, once the volume model has run with that box: as its manifest says, the promptable model's, or
 * of both. Where both leave nothing inside the box, it is the promptable model's.
 * @returns errors of the source and of the promptable model
 */
export async function boxedSlice(
  segmenter: SliceSegmenter,
  manifest: VolumeManifest,
  found: VolumeLesion,
  { k, box, points }: Prompted,
  options: InferenceOptions,
): Promise<Result<BoxedSlice>> {
  const prompt = { box, points };
  const boxed = seenByBoth(segmenter.model, manifest, prompt);
  if (boxed === undefined) return segmenter.segment(k, prompt, options);
  const prompted = await segmenter.logits(k, prompt, options);
  if (!prompted.ok) return prompted;
  const own = ownLogits(found, k, manifest.prompt.maskThreshold);
  const logits = combinedLogits(boxed.rule, own, prompted.value, boxed.promptedPerLogit);
  const mask = await maskInBox(logits, box, found.columns);
  return mask.includes(1) ? measured(segmenter, found, k, mask, options) : segmenter.segment(k, prompt, options);
}

/**
 * The same slice as the volume model alone sees it: what there is to show while the promptable model still encodes.
 * @returns undefined where it sees nothing inside the box; errors of the source
 */
export async function boxedByVolume(
  segmenter: SliceSegmenter,
  { prompt: { maskThreshold } }: VolumeManifest,
  found: VolumeLesion,
  { k, box }: Prompted,
  options: InferenceOptions,
): Promise<Result<BoxedSlice> | undefined> {
  const mask = await maskInBox(ownLogits(found, k, maskThreshold), box, found.columns);
  return mask.includes(1) ? measured(segmenter, found, k, mask, options) : undefined;
}

async function measured(
  segmenter: SliceSegmenter,
  { region, score, geometry }: VolumeLesion,
  k: number,
  mask: SliceMask,
  options: InferenceOptions,
): Promise<Result<BoxedSlice>> {
  const slice = await segmenter.measure(k, mask, options);
  if (!slice.ok) return slice;
  return ok({ ...slice.value, k, score: valueOnSlice(score, region, geometry.positions[k]!) });
}

/** The volume model's logits on the pixels of slice k, above 0 inside. */
export const ownLogits = (found: VolumeLesion, k: number, threshold: number): Float32Array =>
  logitsOnSlice(found, k).map((logit) => logit - threshold);

/** What is above 0 and hangs together with the box, without holes. */
export async function maskInBox(logits: Float32Array, box: SliceBox, columns: number): Promise<SliceMask> {
  const pause = pacer();
  const above = maskAbove(logits, 0);
  await pause();
  const filled = fillHoles(above, columns);
  await pause();
  const mask = keepOverlapping(filled, columns, { box });
  await pause();
  return mask;
}
