import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import { err, ok } from '#core/result.ts';
import { boxFromDrag } from '../prompt/sliceBox.ts';
import { lesionFrame } from './lesionFrame.ts';
import type { LesionEvent, SegmentLesionOptions } from './segmentLesion.ts';
import { segmentLesion } from './segmentLesion.ts';
import { createSliceSegmenter } from './sliceSegmenter.ts';
import { brightnessModel } from './testing/brightnessModel.ts';
import { spherePhantom } from './testing/spherePhantom.ts';

const phantom = () => spherePhantom({ columns: 71, rows: 64, slices: 41, centre: [33, 30, 20], radius: 14 });
const keyBox: SliceBox = { x0: 19, y0: 16, x1: 47, y1: 44 };

function setUp(source = phantom(), box = keyBox) {
  const model = brightnessModel();
  const frame = lesionFrame([box], { size: model.manifest.input.size, factor: model.manifest.region.factor });
  return { model, source, segmenter: createSliceSegmenter(model, source, frame) };
}

async function lesionFrom(box: SliceBox, options?: SegmentLesionOptions, source = phantom()) {
  const { segmenter, model } = setUp(source, box);
  const result = await segmentLesion(segmenter, { keyframes: [{ k: 20, box, points: [] }] }, options);
  if (!result.ok) throw new Error(result.error.message);
  return { lesion: result.value, model };
}

const voxels = (slices: ReadonlyMap<number, { readonly mask: Uint8Array }>): number =>
  [...slices.values()].reduce((sum, { mask }) => sum + mask.reduce((a, b) => a + b, 0), 0);

describe('segmentLesion', () => {
  it('finds the sphere from one box, slice by slice, and where it ends', async () => {
    const { lesion } = await lesionFrom(keyBox);
    const expected = (4 / 3) * Math.PI * 14 ** 3;
    expect(voxels(lesion.slices)).toBeGreaterThan(0.85 * expected);
    expect(voxels(lesion.slices)).toBeLessThan(1.1 * expected);
    expect(Math.abs(lesion.ends['towards-first']!.k - 6)).toBeLessThanOrEqual(1);
    expect(Math.abs(lesion.ends['towards-last']!.k - 34)).toBeLessThanOrEqual(1);
  });

  it('gives the same lesion for a box dragged from any corner', async () => {
    const corners = [18.5, 15.5, 47.5, 44.5] as const;
    const [left, top, right, bottom] = corners;
    const drags = [
      [slicePoint(left, top), slicePoint(right, bottom)],
      [slicePoint(right, bottom), slicePoint(left, top)],
      [slicePoint(left, bottom), slicePoint(right, top)],
      [slicePoint(right, top), slicePoint(left, bottom)],
    ] as const;
    const lesions = await Promise.all(
      drags.map(async ([from, to]) => {
        const box = boxFromDrag(from, to, phantom());
        if (!box.ok) throw new Error(box.error.code);
        return (await lesionFrom(box.value)).lesion;
      }),
    );
    for (const lesion of lesions) expect(lesion).toEqual(lesions[0]);
  });

  it('gives the mirrored lesion for the mirrored image, at the image border too', async () => {
    const at = (x: number) => spherePhantom({ columns: 71, rows: 64, slices: 41, centre: [x, 5, 20], radius: 11 });
    const left = (await lesionFrom({ x0: 0, y0: 0, x1: 15, y1: 16 }, {}, at(4))).lesion;
    const right = (await lesionFrom({ x0: 55, y0: 0, x1: 70, y1: 16 }, {}, at(66))).lesion;
    expect([...left.slices.keys()]).toEqual([...right.slices.keys()]);
    for (const [k, { mask }] of left.slices) {
      expect(mask.map((_, i) => mask[i - (i % 71) + 70 - (i % 71)]!)).toEqual(right.slices.get(k)!.mask);
    }
  });

  it('encodes each slice once, and not again for a second prompt', async () => {
    const { segmenter, model } = setUp();
    const knowledge = { keyframes: [{ k: 20, box: keyBox, points: [] }], first: 18, last: 22 };
    await segmentLesion(segmenter, knowledge);
    await segmentLesion(segmenter, knowledge);
    expect(model.encoded).toBe(5);
    expect(model.decoded).toBe(10);
  });

  it('encodes again when the model has had to forget', async () => {
    const { segmenter, model } = setUp();
    const prompt = { box: keyBox, points: [] };
    const first = await segmenter.segment(20, prompt);
    model.evictAll();
    expect(await segmenter.segment(20, prompt)).toEqual(first);
    expect(model.encoded).toBe(2);
  });

  it('keeps what there is when it is cancelled between slices', async () => {
    const controller = new AbortController();
    const events: LesionEvent[] = [];
    const { lesion } = await lesionFrom(keyBox, {
      signal: controller.signal,
      onEvent: (event) => {
        events.push(event);
        if (events.length === 4) controller.abort();
      },
    });
    expect([...lesion.slices.keys()].sort((a, b) => a - b)).toEqual([17, 18, 19, 20]);
    expect(lesion.ends['towards-first']).toEqual({ reason: 'cancelled', k: 17 });
    expect(lesion.ends['towards-last']).toEqual({ reason: 'cancelled', k: 20 });
  });

  it('reports every slice of the result, and no slice that it dropped', async () => {
    const shown = new Map<number, unknown>();
    const { lesion } = await lesionFrom(keyBox, {
      onEvent: (event) => {
        if (event.kind === 'slice') shown.set(event.slice.k, event.slice);
        else if (event.kind === 'stop') for (const k of event.dropped) shown.delete(k);
      },
    });
    for (const [k, slice] of lesion.slices) expect(shown.get(k)).toEqual(slice);
  });

  it('leaves a mask of the reader as it is', async () => {
    const readerMask = new Uint8Array(71 * 64);
    readerMask[30 * 71 + 33] = 1;
    const { segmenter } = setUp();
    const result = await segmentLesion(
      segmenter,
      {
        keyframes: [
          { k: 20, box: keyBox, points: [] },
          { k: 24, box: { x0: 33, y0: 30, x1: 33, y1: 30 }, points: [] },
        ],
      },
      { readerMasks: new Map([[24, readerMask]]), changed: 24 },
    );
    if (!result.ok) throw new Error(result.error.code);
    expect(result.value.slices.get(24)).toMatchObject({ origin: 'reader', mask: readerMask, area: 1 });
    expect(Math.min(...result.value.slices.keys())).toBe(20);
  });

  it('puts the shape of its neighbours on a slice where the model finds nothing', async () => {
    const source = phantom();
    const { segmenter } = setUp({
      ...source,
      slice: async (k) =>
        k === 22 ? ok({ columns: 71, rows: 64, values: new Float32Array(71 * 64) }) : source.slice(k),
    });
    const result = await segmentLesion(segmenter, {
      keyframes: [{ k: 20, box: keyBox, points: [] }],
      first: 18,
      last: 24,
    });
    if (!result.ok) throw new Error(result.error.code);
    const [before, made, after] = [21, 22, 23].map((k) => result.value.slices.get(k)!);
    expect(made).toMatchObject({ origin: 'interpolated', score: undefined });
    expect(made!.area).toBeLessThanOrEqual(before!.area);
    expect(made!.area).toBeGreaterThanOrEqual(after!.area);
  });

  it('hands on the failure of a slice that cannot be read', async () => {
    const source = phantom();
    const gone = appError('pixels-unavailable', 'The slice could not be read.');
    const { segmenter } = setUp({ ...source, slice: async (k) => (k === 19 ? err(gone) : source.slice(k)) });
    const result = await segmentLesion(segmenter, { keyframes: [{ k: 20, box: keyBox, points: [] }] });
    expect(result).toEqual(err(gone));
  });
});

describe('lesionFrame', () => {
  const input = { size: 256, factor: 2 };
  it('is the region of the largest box', () => {
    const frame = lesionFrame([{ x0: 20, y0: 20, x1: 29, y1: 24 }, keyBox], input);
    expect(frame.region).toEqual({ centre: slicePoint(33, 30), side: 58 });
  });
  it('grows to hold a box that would stick out', () => {
    const frame = lesionFrame([keyBox, { x0: 70, y0: 30, x1: 79, y1: 39 }], input);
    expect(frame.region.side / 2).toBeGreaterThan(80 - 33);
  });
  it('stays the same while all boxes fit', () => {
    const frame = lesionFrame([keyBox], input);
    expect(lesionFrame([keyBox, { x0: 20, y0: 20, x1: 52, y1: 50 }], input, frame)).toBe(frame);
  });
});
