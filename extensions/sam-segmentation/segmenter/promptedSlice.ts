import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import { type Keyframe, type Knowledge, orderedKeyframes } from '../propagation/knowledge.ts';
import { largest } from '../propagation/legs.ts';
import { type BoxedSlice, boxedByVolume, boxedSlice, seenByBoth } from './boxedSlice.ts';
import type { LesionEngine } from './propagateLesion.ts';
import type { VolumeLesion } from './volumeSegmenter.ts';

export interface PromptedOptions extends InferenceOptions {
  /** Masks that the reader has made, by k. */
  readonly readerMasks: ReadonlyMap<number, SliceMask>;
  /** The volume model's own mask, where it is there long before the answer; a second time once other series have been looked at. */
  readonly onGlimpse?: ((slice: BoxedSlice) => void) | undefined;
}

/**
 * One slice that the reader has boxed, with whichever models there are, as {@link propagateLesion} will make it of the same
 * knowledge.
 * @returns errors of the prompts, of the sources and of the models; `cancelled`
 */
export async function promptedSlice(
  { segmenter, volume }: LesionEngine,
  knowledge: Knowledge,
  keyframe: Keyframe,
  { readerMasks, onGlimpse, ...options }: PromptedOptions,
): Promise<Result<BoxedSlice>> {
  const { k, box, points } = keyframe;
  if (volume === undefined || seenByBoth(segmenter.modelId, volume.manifest, keyframe) === undefined) {
    return segmenter.segment(k, { box, points }, options);
  }
  const keyframes = orderedKeyframes(knowledge, segmenter.source.geometry.positions.length);
  if (!keyframes.ok) return keyframes;
  const key = largest(keyframes.value, segmenter.source.geometry);
  const show = async (lesion: VolumeLesion): Promise<void> => {
    const glimpse = await boxedByVolume(segmenter, volume.manifest, lesion, keyframe, options);
    if (glimpse?.ok && !options.signal?.aborted) onGlimpse?.(glimpse.value);
  };
  const found = await volume.run(knowledge, key, readerMasks, { ...options, onAlone: show });
  if (!found.ok) return found;
  await show(found.value);
  return boxedSlice(segmenter, volume.manifest, found.value, keyframe, options);
}
