import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err } from '#core/result.ts';
import type { PromptableModel } from '../inference/model.ts';
import { lesionFrame } from './lesionFrame.ts';
import { segmentLesion } from './segmentLesion.ts';
import { createSliceSegmenter } from './sliceSegmenter.ts';
import { type BrightnessModel, brightnessModel } from './testing/brightnessModel.ts';
import { spherePhantom } from './testing/spherePhantom.ts';

const keyBox = { x0: 19, y0: 16, x1: 47, y1: 44 };
const source = spherePhantom({ columns: 71, rows: 64, slices: 41, centre: [33, 30, 20], radius: 14 });

/** A model to which the way is long, and which takes as many images together as are there when it looks. */
function farModel(together: number): BrightnessModel & { readonly batches: readonly number[] } {
  const near = brightnessModel();
  const batches: number[] = [];
  const waiting: (() => void)[] = [];
  const serve = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, together);
      batches.push(batch.length);
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const answer of batch) answer();
    }
  };
  const encode: PromptableModel['encode'] = async (image, { signal } = {}) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) void Promise.resolve().then(serve);
    });
    return signal?.aborted ? err(appError('cancelled', 'cancelled')) : near.encode(image);
  };
  return Object.assign(Object.create(near), { encode, encodesTogether: () => together, batches });
}

function segmenterOf(model: BrightnessModel) {
  const frame = lesionFrame([keyBox], { size: model.manifest.input.size, factor: model.manifest.region.factor });
  return createSliceSegmenter(model, source, frame);
}

async function lesionBy(model: BrightnessModel) {
  const lesion = await segmentLesion(segmenterOf(model), { keyframes: [{ k: 20, box: keyBox, points: [] }] });
  if (!lesion.ok) throw new Error(lesion.error.message);
  return lesion.value;
}

describe('a propagation by a model that is far away', () => {
  it('asks for several slices at once, and finds the same lesion', async () => {
    const near = brightnessModel();
    const far = farModel(8);
    expect(await lesionBy(far)).toEqual(await lesionBy(near));
    expect(far.batches.length).toBeLessThan(near.encoded / 3);
    expect(far.encoded).toBeLessThan(near.encoded + 12);
  });

  it('asks for none ahead where they would only take turns', async () => {
    const alone = farModel(1);
    const near = brightnessModel();
    await lesionBy(near);
    await lesionBy(alone);
    expect(alone.batches).toEqual(Array(near.encoded).fill(1));
  });

  it('stops at once when it is cancelled, and what arrives after that is not kept', async () => {
    const far = farModel(8);
    const abort = new AbortController();
    const segmenter = segmenterOf(far);
    const lesion = await segmentLesion(
      segmenter,
      { keyframes: [{ k: 20, box: keyBox, points: [] }] },
      { signal: abort.signal, onEvent: (event) => event.kind === 'slice' && abort.abort() },
    );
    expect(lesion.ok && [...lesion.value.slices.keys()]).toEqual([20]);
    const asked = far.batches.length;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(far.batches.length).toBeLessThanOrEqual(asked + 1);
  });
});

describe('a slice that is on its way', () => {
  it('is not encoded twice, and given up by one it is made for the other', async () => {
    const far = farModel(8);
    const segmenter = segmenterOf(far);
    const [first, second] = await Promise.all([segmenter.prepare(20), segmenter.prepare(20)]);
    expect(first).toEqual(second);
    expect(far.encoded).toBe(1);

    const abort = new AbortController();
    const given = segmenter.prepare(21, { signal: abort.signal });
    const kept = segmenter.prepare(21);
    abort.abort();
    expect((await given).ok).toBe(false);
    expect((await kept).ok).toBe(true);
  });

  it('does not hold up a prompt: that is asked for on its own', async () => {
    const far = farModel(1);
    const segmenter = segmenterOf(far);
    const ahead = segmenter.prepare(20, { priority: 'prefetch' });
    const prompt = segmenter.segment(20, { box: keyBox, points: [] }, { priority: 'prompt' });
    expect((await prompt).ok && (await ahead).ok).toBe(true);
    expect(far.batches).toEqual([1, 1]);
  });

  it('serves a propagation where a prompt has asked for it: Enter while the preview is computed costs nothing', async () => {
    const model = brightnessModel();
    const segmenter = segmenterOf(model);
    const prompt = segmenter.segment(20, { box: keyBox, points: [] }, { priority: 'prompt' });
    const propagation = segmenter.segment(20, { box: keyBox, points: [] }, { priority: 'propagation' });
    expect([(await prompt).ok, (await propagation).ok, model.encoded]).toEqual([true, true, 1]);
  });

  it('gives its memory back where it was released meanwhile', async () => {
    const far = farModel(8);
    const released: number[] = [];
    const segmenter = segmenterOf(Object.assign(far, { release: ({ id }: { id: number }) => void released.push(id) }));
    const coming = segmenter.prepare(20);
    segmenter.release();
    const embedding = await coming;
    expect(embedding.ok && released).toEqual([1]);
  });
});
