import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import type { Keyframe, Knowledge } from '../propagation/knowledge.ts';
import { bordersTouched, oneObject, type VolumeAnswer } from '../volume/answer.ts';
import { type RegionRecipe, regionOf, sampleAt, type VolumeRegion, type Zoom } from '../volume/region.ts';
import { outerBorder, regionPrompt } from '../volume/regionPrompt.ts';
import { planeOf, type RegionImage, regionImage, sampleAxis, slicesNeeded } from '../volume/sampling.ts';
import { type RegionLogits, samplesWithin } from '../volume/toSlices.ts';
import { pacer } from './pacer.ts';
import type { SliceSource } from './sliceSource.ts';

/** What one run of a volume model gave. */
export interface VolumeLesion extends RegionLogits, Pick<VolumeAnswer, 'presence' | 'score'> {
  /** The mask touches the border of the largest region that was tried. */
  readonly cutOff: { readonly inPlane: boolean; readonly along: boolean };
}

/** Runs a volume model on a series. */
export interface VolumeSegmenter {
  readonly manifest: VolumeManifest;
  readonly source: SliceSource;
  /**
   * The lesion round the key, again in a larger region where the mask touches the border.
   * @param masks that the reader has made or accepted, by k
   * @returns errors of the source and of the model; `cancelled`
   */
  run(
    knowledge: Knowledge,
    key: Keyframe,
    masks: ReadonlyMap<number, SliceMask>,
    options?: InferenceOptions,
  ): Promise<Result<VolumeLesion>>;
}

/** @param source with the window through which this model sees the values */
export function createVolumeSegmenter(model: VolumeModel, source: SliceSource): VolumeSegmenter {
  const { manifest } = model;
  const { region: recipe, prompt } = manifest;
  const { geometry, columns, rows } = source;
  return {
    manifest,
    source,
    async run(knowledge, key, masks, options = {}) {
      let zoom = roomFor(knowledge, key, source, recipe);
      for (let round = 1; ; round += 1) {
        const region = regionOf(key, geometry, recipe, zoom);
        const image = await look(source, region, recipe.pooling.largestFactor, options);
        if (!image.ok) return image;
        const given = regionPrompt({ knowledge, key, masks, geometry, columns, rows }, region);
        const answer = await model.run({ ...image.value, region, prompt: given }, options);
        if (!answer.ok) return answer;
        const pause = pacer();
        const { logits, presence, score } = answer.value;
        const cutOff = bordersTouched(logits, region, prompt.maskThreshold);
        if (round < recipe.zoomRounds && (cutOff.inPlane || cutOff.along)) {
          zoom = {
            inPlane: zoom.inPlane * (cutOff.inPlane ? recipe.zoomStep : 1),
            along: zoom.along * (cutOff.along ? recipe.zoomStep : 1),
          };
          continue;
        }
        await pause();
        const kept = oneObject(logits, region, prompt.maskThreshold);
        await pause();
        const within = samplesWithin(region, given);
        return ok({ region, logits: kept, geometry, columns, rows, within, presence, score, cutOff });
      }
    },
  };
}

/** The image of a region, slice by slice. */
async function look(
  source: SliceSource,
  region: VolumeRegion,
  largestPooling: number,
  { signal }: InferenceOptions,
): Promise<Result<RegionImage>> {
  const { geometry, window } = source;
  const axis = sampleAxis(region, geometry);
  const planes = new Map<number, Float32Array>();
  const pause = pacer();
  for (const k of slicesNeeded(axis)) {
    const slice = await source.slice(k, { signal });
    if (!slice.ok) return slice;
    planes.set(k, planeOf(slice.value, window, region, geometry, largestPooling));
    await pause();
    if (signal?.aborted) return { ok: false, error: cancelled() };
  }
  await pause();
  return ok(regionImage(planes, axis, region, geometry, source));
}

/** The region must hold every slice and every box that the reader gave: wider than the recipe's where it would not. */
function roomFor(knowledge: Knowledge, key: Keyframe, { geometry }: SliceSource, recipe: RegionRecipe): Zoom {
  const region = regionOf(key, geometry, recipe);
  const { first, last, keyframes } = knowledge;
  const positions = [
    ...keyframes.map(({ k }) => geometry.positions[k]!),
    ...(first === undefined ? [] : [outerBorder(geometry, first, -1)]),
    ...(last === undefined ? [] : [outerBorder(geometry, last, 1)]),
  ];
  const { keySample, depth, size, step } = region;
  const along = positions.map((position) => {
    const beyond = sampleAt(region, position) - keySample;
    return Math.abs(beyond) / (beyond < 0 ? keySample : depth - 1 - keySample);
  });
  const inPlane = keyframes.flatMap(({ box: { x0, y0, x1, y1 } }) =>
    [
      ...[x0 - 0.5, x1 + 0.5].map((x) => x * geometry.columnSpacing - region.x),
      ...[y0 - 0.5, y1 + 0.5].map((y) => y * geometry.rowSpacing - region.y),
    ].map((edge) => Math.abs(edge) / ((size / 2 - 1) * step)),
  );
  return { inPlane: Math.max(1, ...inPlane), along: Math.max(1, ...along) };
}
