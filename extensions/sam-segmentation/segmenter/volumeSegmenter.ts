import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import type { Keyframe, Knowledge } from '../propagation/knowledge.ts';
import { bordersTouched, oneObject, type VolumeAnswer } from '../volume/answer.ts';
import { type RegionRecipe, regionOf, sampleAt, type VolumeRegion, type Zoom } from '../volume/region.ts';
import { outerBorder, type RegionPrompt, regionPrompt } from '../volume/regionPrompt.ts';
import { type RegionLogits, samplesWithin } from '../volume/toSlices.ts';
import { pacer, turn } from './pacer.ts';
import { regionOfSeries } from './regionOfSeries.ts';
import type { JoinOthers, JointAnswer, RegisteredVerdict } from './registeredSource.ts';
import type { SliceSource } from './sliceSource.ts';

/** What one run of a volume model gave. */
export interface VolumeLesion extends RegionLogits, Pick<VolumeAnswer, 'presence' | 'score'> {
  /** The mask touches the border of the largest region that was tried. */
  readonly cutOff: { readonly inPlane: boolean; readonly along: boolean };
  /** What became of the other series that were looked at. */
  readonly registered: readonly RegisteredVerdict[];
}

export interface VolumeRunOptions extends InferenceOptions {
  /** What the series shows by itself, before others are looked at; not called where they have no say. */
  readonly onAlone?: ((lesion: VolumeLesion) => Promise<void>) | undefined;
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
    options?: VolumeRunOptions,
  ): Promise<Result<VolumeLesion>>;
}

/**
 * @param source with the window through which this model sees the values
 * @param join lets other series have a say, where the manifest does
 */
export function createVolumeSegmenter(model: VolumeModel, source: SliceSource, join?: JoinOthers): VolumeSegmenter {
  const { manifest } = model;
  const { region: recipe, prompt } = manifest;
  const { geometry, columns, rows } = source;
  async function lesionOf(
    { answer, verdicts }: JointAnswer,
    region: VolumeRegion,
    given: RegionPrompt,
    cutOff: VolumeLesion['cutOff'],
  ): Promise<VolumeLesion> {
    const pause = pacer();
    const logits = oneObject(answer.logits, region, prompt.maskThreshold);
    await pause();
    const { presence, score } = answer;
    const within = samplesWithin(region, given);
    return { region, logits, geometry, columns, rows, within, presence, score, cutOff, registered: verdicts };
  }
  return {
    manifest,
    source,
    async run(knowledge, key, masks, { onAlone, ...options } = {}) {
      let zoom = roomFor(knowledge, key, source, recipe);
      for (let round = 1; ; round += 1) {
        const region = regionOf(key, geometry, recipe, zoom);
        const image = await regionOfSeries(source, region, recipe.pooling.largestFactor, options);
        if (!image.ok) return image;
        const given = regionPrompt({ knowledge, key, masks, geometry, columns, rows }, region);
        const own = await model.run({ ...image.value, region, prompt: given }, options);
        if (!own.ok) return own;
        // The answer came in a task of its own; what is made of it is long enough for another.
        await turn();
        let joint: JointAnswer = { answer: own.value, verdicts: [] };
        if (join !== undefined && manifest.registered !== undefined) {
          if (round === 1) await onAlone?.(await lesionOf(joint, region, given, NOTHING_CUT_OFF));
          const seen = await join(model, own.value, { region, prompt: given }, options);
          if (!seen.ok) return seen;
          joint = seen.value;
        }
        const cutOff = bordersTouched(joint.answer.logits, region, prompt.maskThreshold);
        if (round < recipe.zoomRounds && (cutOff.inPlane || cutOff.along)) {
          zoom = {
            inPlane: zoom.inPlane * (cutOff.inPlane ? recipe.zoomStep : 1),
            along: zoom.along * (cutOff.along ? recipe.zoomStep : 1),
          };
          continue;
        }
        return ok(await lesionOf(joint, region, given, cutOff));
      }
    },
  };
}

const NOTHING_CUT_OFF: VolumeLesion['cutOff'] = { inPlane: false, along: false };

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
