import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import { maskOnSlice, valueOnSlice } from '../volume/toSlices.ts';
import { maskInBox } from './maskInBox.ts';
import { maskOfBoth } from './maskOfBoth.ts';
import type { MeasuredMask, SliceSegmenter } from './sliceSegmenter.ts';
import type { VolumeLesion } from './volumeSegmenter.ts';

/** A slice of which a model may say nothing of its own quality. */
export type BoxedSlice = MeasuredMask & { readonly k: number; readonly score: number | undefined };

/**
 * How both models have their say in a slice with this prompt; undefined where the promptable model decides alone: points are its own.
 * @param promptable id of the promptable model
 */
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
  const boxed = seenByBoth(segmenter.modelId, manifest, prompt);
  if (boxed === undefined) return segmenter.segment(k, prompt, options);
  const mask = await maskOfBoth(segmenter, found, { k, ...prompt }, manifest.prompt.maskThreshold, boxed, options);
  if (!mask.ok) return mask;
  return mask.value.includes(1)
    ? measured(segmenter, found, k, mask.value, options)
    : segmenter.segment(k, prompt, options);
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
  const mask = await maskInBox(maskOnSlice(found, k, maskThreshold), box, found.columns);
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
