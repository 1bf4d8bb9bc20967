import { describe, expect, it } from 'vitest';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { ok } from '#core/result.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { spherePhantom } from '../../../extensions/sam-segmentation/segmenter/testing/spherePhantom.ts';
import { createLesionRunner, masksOf } from '../lesionRunner.ts';
import { agreementWith, gridOf, oneBoxResult } from './agreementWith.ts';
import { corrected, interactiveCurve, nextCorrection } from './interactiveCurve.ts';
import { type Truth, truthOf } from './truth.ts';

const [COLUMNS, ROWS, SLICES] = [60, 56, 41];
const source = spherePhantom({ columns: COLUMNS, rows: ROWS, slices: SLICES, centre: [30, 27, 20], radius: 12 });
const grid = gridOf(source);

/** A truth whose slices are discs of the given radii, by k. */
function discs(radiusAt: (k: number) => number): Truth {
  const values = Float32Array.from({ length: COLUMNS * ROWS * SLICES }, (_, index) => {
    const pixel = index % (COLUMNS * ROWS);
    const away = Math.hypot((pixel % COLUMNS) - 30, Math.floor(pixel / COLUMNS) - 27);
    return away <= radiusAt(Math.floor(index / (COLUMNS * ROWS))) ? 1 : 0;
  });
  const volume = { values, grid: { columns: COLUMNS, rows: ROWS, slices: SLICES } };
  const truth = truthOf(volume as Parameters<typeof truthOf>[0]);
  if (!truth.ok) throw new Error(truth.error.code);
  return truth.value;
}

const sphere = discs((k) => Math.sqrt(12.2 ** 2 - (k - 20) ** 2) || -1);
const keyBox: SliceBox = sphere.boxes.get(20)!;
const known = { keyframes: [{ k: 20, box: keyBox, points: [] }] };

async function oneBox(truth: Truth) {
  const runner = createLesionRunner(brightnessModel(), source);
  const run = await runner.run(known);
  if (!run.ok) throw new Error(run.error.message);
  return { runner, run: run.value, result: oneBoxResult(truth, 20, run.value, grid) };
}

describe('what is measured of one box', () => {
  it('finds a sphere where the sphere is', async () => {
    const { result } = await oneBox(sphere);
    expect(result.dice).toBeGreaterThan(0.93);
    expect(result.surfaceDice).toBeGreaterThan(0.95);
    expect(result.hd95).toBeLessThan(2);
    expect(result.keySliceDice).toBeGreaterThan(0.95);
    expect(result.slices.every(({ truthVoxels, foundVoxels }) => truthVoxels + foundVoxels > 0)).toBe(true);
  });

  it('counts slices beyond the expert and short of the expert with their sign', async () => {
    const shorter = discs((k) => (k >= 14 && k <= 40 ? 9 : -1));
    const { result, run } = await oneBox(shorter);
    const found = [...run.lesion.slices.keys()];
    expect(result.ends['towards-first'].slices).toBe(14 - Math.min(...found));
    expect(result.ends['towards-first'].slices).toBeGreaterThan(0);
    expect(result.ends['towards-last'].slices).toBe(Math.max(...found) - 40);
    expect(result.ends['towards-last'].slices).toBeLessThan(0);
    const beyond = result.slices.filter(({ truthVoxels }) => truthVoxels === 0);
    expect(beyond.length).toBe(result.ends['towards-first'].slices);
    expect(beyond.every(({ dice, score }) => dice === 0 && score !== null)).toBe(true);
    expect(
      result.slices.filter(({ foundVoxels, score }) => foundVoxels === 0 && score === null).length,
    ).toBeGreaterThan(3);
  });

  it('has no distance to a lesion that was not found', () => {
    expect(agreementWith(sphere, new Map(), grid)).toEqual({ dice: 0, surfaceDice: 0, hd95: null });
  });
});

describe('the reader who corrects', () => {
  const without = (...slices: readonly number[]): SegmentVoxels =>
    new Map([...sphere.masks].filter(([k]) => !slices.includes(k)));

  it('boxes the slice that is missing, the larger one of two', () => {
    expect(nextCorrection(sphere, without(10, 12), known)).toEqual({ kind: 'box', k: 12 });
  });

  it('draws an end in where the result runs on, and says it once', () => {
    const beyond = new Map([...sphere.masks, [36, sphere.masks.get(20)!]]);
    const correction = nextCorrection(sphere, beyond, known)!;
    expect(correction).toEqual({ kind: 'last', k: sphere.last });
    expect(corrected(known, correction, sphere)).toEqual({ ...known, last: sphere.last });
  });

  it('says nothing of a slice that has a box, and nothing at all of a perfect result', () => {
    const twice = corrected(known, { kind: 'box', k: 12 }, sphere);
    expect(nextCorrection(sphere, without(10, 12), twice)).toEqual({ kind: 'box', k: 10 });
    expect(nextCorrection(sphere, sphere.masks, known)).toBeUndefined();
  });

  it('gets to the expert within five prompts, and then stops asking', async () => {
    // A column of 33 slices: far longer than any lesion with such a box is expected to be.
    const column = discs((k) => (k >= 4 && k <= 36 ? 6 : -1));
    const bright = (k: number) =>
      Float32Array.from(column.masks.get(k) ?? new Uint8Array(COLUMNS * ROWS), (value) => 100 * value);
    const seen = { ...source, slice: async (k: number) => ok({ columns: COLUMNS, rows: ROWS, values: bright(k) }) };
    const key = { keyframes: [{ k: 20, box: column.boxes.get(20)!, points: [] }] };
    const runner = createLesionRunner(brightnessModel(), seen);
    const run = await runner.run(key);
    if (!run.ok) throw new Error(run.error.message);
    const start = { known: key, found: masksOf(run.value.lesion), seconds: 1, cpuSeconds: 1 };
    const curve = await interactiveCurve(runner, column, start, 5, grid);
    if (!curve.ok) throw new Error(curve.error.message);
    expect(curve.value.map(({ prompts }) => prompts)).toEqual([1, 2, 3, 4, 5].slice(0, curve.value.length));
    expect(curve.value[0]).toMatchObject({ given: { kind: 'box', k: 20 } });
    expect(new Set(curve.value.map(({ given }) => `${given.kind} ${given.k}`)).size).toBe(curve.value.length);
    expect(curve.value[0]!.dice).toBeLessThan(0.95);
    expect(curve.value.at(-1)!.dice).toBe(1);
  });
});
