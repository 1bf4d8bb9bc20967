import { describe, expect, it } from 'vitest';
import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import { rememberingVolume } from '../session/remembering.ts';
import type { BoxedSlice } from './boxedSlice.ts';
import { lesionFrame } from './lesionFrame.ts';
import { type PromptedOptions, promptedSlice } from './promptedSlice.ts';
import { propagateLesion } from './propagateLesion.ts';
import type { LesionEvent, SegmentLesionOptions } from './segmentLesion.ts';
import { createSliceSegmenter } from './sliceSegmenter.ts';
import { brightnessModel } from './testing/brightnessModel.ts';
import { brightVolumeModel } from './testing/brightVolumeModel.ts';
import { spherePhantom } from './testing/spherePhantom.ts';
import { createVolumeSegmenter } from './volumeSegmenter.ts';

const K = 20;
const box: SliceBox = { x0: 19, y0: 16, x1: 47, y1: 44 };
const both = { rule: 'mean-logits', with: 'brightness', promptedPerLogit: 4 } as const;
const area = (mask: Uint8Array | undefined): number => mask?.reduce((sum, value) => sum + value, 0) ?? 0;

/** @param more what the volume model's logits are too high by: its masks are too large, so that the two models differ */
function engine({ more = 9.5, boxed = both as NonNullable<VolumeManifest['boxed']>, slices = 41 } = {}) {
  const source = spherePhantom({ columns: 71, rows: 64, slices, centre: [33, 30, slices >> 1], radius: 14 });
  const sam = brightnessModel();
  const model = brightVolumeModel(
    { rule: 'volume' },
    (answer) => ({ ...answer, logits: answer.logits.map((logit) => logit + more) }),
    boxed,
  );
  const frame = lesionFrame([box], { size: sam.manifest.input.size, factor: sam.manifest.region.factor });
  const volume = rememberingVolume(createVolumeSegmenter(model, source));
  return { sam, model, segmenter: createSliceSegmenter(sam, source, frame), volume };
}

const known = (points: readonly { at: ReturnType<typeof slicePoint>; inside: boolean }[] = []) => ({
  keyframes: [{ k: K, box, points }],
});

async function prompted(made: ReturnType<typeof engine>, knowledge = known(), options: Partial<PromptedOptions> = {}) {
  const answer = await promptedSlice(made, knowledge, knowledge.keyframes[0]!, { readerMasks: new Map(), ...options });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

async function propagated(made: ReturnType<typeof engine>, options: SegmentLesionOptions = {}) {
  const events: LesionEvent[] = [];
  const encodedAt: number[] = [];
  const lesion = await propagateLesion(made, known(), {
    ...options,
    onEvent: (event) => {
      events.push(event);
      encodedAt.push(made.sam.encoded);
    },
  });
  if (!lesion.ok) throw new Error(lesion.error.message);
  return { slices: lesion.value.slices, events, encodedAt };
}

describe('a boxed slice on which both models have their say', () => {
  it('is the mean of both: between the two masks, with the volume model’s score', async () => {
    const own = area((await prompted(engine({ boxed: { rule: 'prompted' } }))).mask);
    const glimpses: BoxedSlice[] = [];
    const mean = await prompted(engine(), known(), { onGlimpse: (slice) => glimpses.push(slice) });
    const alone = area(glimpses[0]!.mask);
    expect(own).toBeLessThan(area(mean.mask));
    expect(area(mean.mask)).toBeLessThan(alone);
    expect(mean.score).toBeCloseTo(0.9, 6);
  });

  it('is glimpsed before the promptable model has encoded anything', async () => {
    const made = engine();
    const encoded: number[] = [];
    await prompted(made, known(), { onGlimpse: () => encoded.push(made.sam.encoded) });
    expect([encoded, made.sam.encoded]).toEqual([[0], 1]);
  });

  it('is the promptable model’s where a point was set, for another model, and where the volume model sees nothing at all', async () => {
    const own = area((await prompted(engine({ boxed: { rule: 'prompted' } }))).mask);
    const point = { at: slicePoint(33, 30), inside: true };
    expect(area((await prompted(engine(), known([point]))).mask)).toBe(own);
    expect(area((await prompted(engine({ boxed: { ...both, with: 'another' } }))).mask)).toBe(own);
    const glimpses: BoxedSlice[] = [];
    const blind = await prompted(engine({ more: -100 }), known(), { onGlimpse: (slice) => glimpses.push(slice) });
    expect([area(blind.mask), glimpses.length]).toEqual([own, 0]);
  });

  it('is of both in a series of one slice too', async () => {
    const only = { keyframes: [{ k: 0, box, points: [] }] };
    const glimpses: BoxedSlice[] = [];
    const slice = await prompted(engine({ slices: 1 }), only, { onGlimpse: (each) => glimpses.push(each) });
    expect(area(slice.mask)).toBeGreaterThan(300);
    expect(area(slice.mask)).toBeLessThan(area(glimpses[0]!.mask));
  });

  it('is propagated as it was previewed, the volume model asked once', async () => {
    const made = engine();
    const preview = await prompted(made);
    const { slices } = await propagated(made);
    expect(slices.get(K)!.mask).toEqual(preview.mask);
    expect(slices.get(K)!.origin).toBe('keyframe');
    expect([made.model.asked.length, made.sam.encoded]).toEqual([1, 1]);
  });
});

describe('a lesion whose boxed slices are of both models', () => {
  it('is on the screen whole before the promptable model has encoded anything', async () => {
    const { events, encodedAt } = await propagated(engine());
    expect(events.map(({ kind }) => kind)).toEqual(['slice', 'slices', 'stop', 'stop', 'slice']);
    expect(encodedAt).toEqual([0, 0, 0, 0, 1]);
    const origins = events.flatMap((event) => (event.kind === 'slice' ? [event.slice.origin] : []));
    expect(origins).toEqual(['glimpse', 'keyframe']);
  });

  it('has the neighbours that it needs where the volume model sees nothing', async () => {
    const { slices, events } = await propagated(engine({ more: -100 }));
    expect(events.map(({ kind }) => kind)).toEqual(['slice', 'slices', 'stop', 'stop']);
    expect([...slices.keys()]).toEqual([K]);
    expect(area(slices.get(K)!.mask)).toBeGreaterThan(0);
  });

  it('keeps what the reader has seen of a boxed slice, and does not tell the volume model of it', async () => {
    const made = engine();
    const seen = new Uint8Array(71 * 64);
    seen.fill(1, 71 * 30 + 25, 71 * 30 + 40);
    const { slices } = await propagated(made, { seenMasks: new Map([[K, seen]]) });
    expect(slices.get(K)!.mask).toEqual(seen);
    expect(made.sam.encoded).toBe(0);
    expect(made.model.asked[0]!.prompt.masks.size).toBe(0);
  });
});

describe('what a volume model was asked before', () => {
  const key = known().keyframes[0]!;

  it('is answered from memory, also while the first answer is on its way; another question is asked', async () => {
    const { volume, model } = engine();
    const [first, second] = await Promise.all([
      volume.run(known(), key, new Map()),
      volume.run(known(), key, new Map()),
    ]);
    expect(first).toBe(second);
    expect(model.asked.length).toBe(1);
    await volume.run({ ...known(), first: 12 }, key, new Map());
    await volume.run({ ...known(), first: 12 }, key, new Map([[K, new Uint8Array(71 * 64).fill(1)]]));
    expect(model.asked.length).toBe(3);
  });

  it('is asked again where the first was cancelled', async () => {
    const { volume, model } = engine();
    const controller = new AbortController();
    controller.abort();
    const first = volume.run(known(), key, new Map(), { signal: controller.signal });
    const second = await volume.run(known(), key, new Map());
    expect([(await first).ok, second.ok]).toEqual([false, true]);
    expect(model.asked.length).toBe(1);
  });
});
