import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import { maskBetween, scaledMask } from '../mask/inBetween.ts';
import { maskBox, maskPixels } from '../mask/measure.ts';
import { type Keyframe, type Knowledge, orderedKeyframes } from '../propagation/knowledge.ts';
import { largest } from '../propagation/legs.ts';
import { EVERYTHING, type Scope, scopeOfChange } from '../propagation/scope.ts';
import type { Direction } from '../propagation/stopReason.ts';
import { type VolumePlan, type VolumeSlice, volumePlan } from '../propagation/volumePlan.ts';
import { maskOnSlice, slicesInside, valueOnSlice } from '../volume/toSlices.ts';
import { type BoxedSlice, boxedByVolume, boxedSlice, seenByBoth } from './boxedSlice.ts';
import { pacer, turn } from './pacer.ts';
import { refineSlices } from './refineSlices.ts';
import {
  endCancelled,
  type Lesion,
  type LesionEnd,
  type LesionSlice,
  lesionSlice,
  type SegmentLesionOptions,
} from './segmentLesion.ts';
import type { SliceSegmenter } from './sliceSegmenter.ts';
import type { VolumeLesion, VolumeSegmenter } from './volumeSegmenter.ts';

/**
 * The whole lesion from one run of a volume model: keyframes keep the masks that the reader saw, the rest is reported at once with
 * the ends; then the promptable model has its say in the slices that were boxed, and looks again at what is doubtful, as the volume
 * model's manifest says. What it would take long to encode is thus on the screen before.
 * @returns errors of {@link orderedKeyframes}, of the sources and of the models; slices reported before an error stay valid
 */
export async function segmentByVolume(
  segmenter: SliceSegmenter,
  volume: VolumeSegmenter,
  knowledge: Knowledge,
  { signal, onEvent, readerMasks = new Map(), seenMasks = new Map(), changed, scope: given }: SegmentLesionOptions = {},
): Promise<Result<Lesion>> {
  const keyframes = orderedKeyframes(knowledge, segmenter.source.geometry.positions.length);
  if (!keyframes.ok) return keyframes;
  const scope = given ?? (changed === undefined ? EVERYTHING : scopeOfChange(keyframes.value, changed));
  const key = largest(keyframes.value, segmenter.source.geometry);
  const slices = new Map<number, LesionSlice>();
  const ends: Partial<Record<Direction, LesionEnd>> = {};
  const report = (slice: LesionSlice): void => {
    slices.set(slice.k, slice);
    onEvent?.({ kind: 'slice', slice });
  };
  const lesion = (): Result<Lesion> => {
    if (signal?.aborted) endCancelled(slices, ends, onEvent);
    return ok({ slices: new Map([...slices].filter(([, { box }]) => box !== undefined)), ends });
  };

  const inOrder = [...keyframes.value].sort((a, b) => Number(b === key) - Number(a === key));
  const ofBoth = inOrder.filter(
    (keyframe) =>
      !readerMasks.has(keyframe.k) &&
      !seenMasks.has(keyframe.k) &&
      seenByBoth(segmenter.modelId, volume.manifest, keyframe) !== undefined,
  );
  for (const keyframe of inOrder) {
    if (ofBoth.includes(keyframe)) continue;
    const slice = await lesionSlice(
      segmenter,
      { ...keyframe, origin: 'keyframe' },
      readerMasks.get(keyframe.k) ?? seenMasks.get(keyframe.k),
      signal,
    );
    if (signal?.aborted) return lesion();
    if (!slice.ok) return slice;
    report(slice.value);
  }
  const options = { signal, priority: 'propagation' } as const;
  const found = await volume.run(knowledge, key, readerMasks, options);
  if (signal?.aborted) return lesion();
  if (!found.ok) return found;
  // What is remembered from the preview is there at once: in the task of the key that asked for it.
  await turn();
  // Where the volume model sees nothing, the other's mask is needed before the slices between can be made.
  const sighted: Keyframe[] = [];
  for (const keyframe of ofBoth) {
    const glimpse = await boxedByVolume(segmenter, volume.manifest, found.value, keyframe, options);
    const slice = glimpse ?? (await boxedSlice(segmenter, volume.manifest, found.value, keyframe, options));
    if (signal?.aborted) return lesion();
    if (!slice.ok) return slice;
    report(lesionSliceOf(slice.value, keyframe, glimpse === undefined ? 'keyframe' : 'glimpse'));
    if (glimpse !== undefined) sighted.push(keyframe);
  }

  await turn();
  const masks = await masksOf(found.value, volume.manifest.prompt.maskThreshold);
  const plan = planOf(found.value, masks, keyframes.value, knowledge);
  const planned = await plannedSlices(plan, found.value, masks, slices, scope);
  const all = planned.filter(({ box }) => box !== undefined);
  if (signal?.aborted) return lesion();
  for (const slice of all) slices.set(slice.k, slice);
  await turn();
  if (signal?.aborted) return lesion();
  onEvent?.({ kind: 'slices', slices: all });
  // Showing a whole lesion is work enough for one task.
  await turn();
  for (const direction of scope.ends) {
    const end = plan.ends[direction];
    ends[direction] = end;
    onEvent?.({ kind: 'stop', direction, end, dropped: [] });
  }
  await turn();
  for (const keyframe of sighted) {
    const slice = await boxedSlice(segmenter, volume.manifest, found.value, keyframe, options);
    if (signal?.aborted) return lesion();
    if (!slice.ok) return slice;
    report(lesionSliceOf(slice.value, keyframe, 'keyframe'));
  }
  const refined = await refineSlices(segmenter, volume.manifest, found.value, all, report, signal);
  return refined.ok || signal?.aborted ? lesion() : refined;
}

const lesionSliceOf = (slice: BoxedSlice, { box, points }: Keyframe, origin: 'keyframe' | 'glimpse'): LesionSlice => ({
  ...slice,
  origin,
  prompt: { box, points },
});

/** The model's masks by slice; slices on which it has none are absent. */
async function masksOf(found: VolumeLesion, threshold: number): Promise<ReadonlyMap<number, SliceMask>> {
  const masks = new Map<number, SliceMask>();
  const inside = slicesInside(found.region, found.geometry);
  if (inside === undefined) return masks;
  const pause = pacer();
  for (let k = inside.first; k <= inside.last; k += 1) {
    const mask = maskOnSlice(found, k, threshold);
    if (mask.includes(1)) masks.set(k, mask);
    await pause();
  }
  return masks;
}

function planOf(
  found: VolumeLesion,
  masks: ReadonlyMap<number, SliceMask>,
  keyframes: readonly Keyframe[],
  knowledge: Knowledge,
): VolumePlan {
  const { region, geometry, presence, cutOff } = found;
  // The key slice is in its own region.
  const inside = slicesInside(region, geometry)!;
  return volumePlan(geometry, keyframes, knowledge, {
    ...inside,
    hasMask: (k) => masks.has(k),
    presence: (k) => {
      const position = geometry.positions[k];
      return position === undefined ? undefined : valueOnSlice(presence, region, position);
    },
    cutOff: cutOff.along,
  });
}

/** The planned slices within the scope, ascending. */
async function plannedSlices(
  { slices }: VolumePlan,
  found: VolumeLesion,
  masks: ReadonlyMap<number, SliceMask>,
  keyframes: ReadonlyMap<number, LesionSlice>,
  scope: Scope,
): Promise<readonly LesionSlice[]> {
  const { columns, geometry, region, score } = found;
  const size = { column: geometry.columnSpacing, row: geometry.rowSpacing };
  const maskAt = (k: number): SliceMask => {
    const mask = keyframes.get(k)?.mask;
    return mask?.includes(1) ? mask : (masks.get(k) ?? new Uint8Array(columns * found.rows));
  };
  const made = (slice: VolumeSlice): SliceMask => {
    if (slice.from === 'model') return maskAt(slice.k);
    if (slice.from === 'taper') return scaledMask(maskAt(slice.of), columns, slice.share);
    const [below, above] = [maskAt(slice.below), maskAt(slice.above)];
    return below.includes(1) && above.includes(1)
      ? maskBetween(below, above, slice.share, columns, size)
      : new Uint8Array(below.length);
  };
  const out: LesionSlice[] = [];
  const pause = pacer();
  for (const slice of slices) {
    if (!scope.has(slice.k)) continue;
    const mask = made(slice);
    const box = maskBox(mask, columns);
    out.push({
      k: slice.k,
      mask,
      box,
      area: maskPixels(mask) * size.column * size.row,
      intensity: undefined,
      origin: slice.from === 'model' ? 'volume' : 'interpolated',
      score: slice.from === 'model' ? valueOnSlice(score, region, geometry.positions[slice.k]!) : undefined,
      prompt: box === undefined ? undefined : { box, points: [] },
    });
    await pause();
  }
  return out;
}
