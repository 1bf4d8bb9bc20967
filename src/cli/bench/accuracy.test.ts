import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { ok } from '#core/result.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { spherePhantom } from '../../../extensions/sam-segmentation/segmenter/testing/spherePhantom.ts';
import { createLesionRunner, masksOf } from '../lesionRunner.ts';
import { accuracyCommand } from './accuracyCommand.ts';
import { accuracyOptions } from './accuracyOptions.ts';
import { agreementWith, gridOf, oneBoxResult } from './agreementWith.ts';
import { compareRuns } from './compareRuns.ts';
import { corrected, interactiveCurve, nextCorrection } from './interactiveCurve.ts';
import { type CaseResult, readReport, reportText } from './report.ts';
import { summariesOf } from './summarise.ts';
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

/** A result made up for the statistics. */
function made(patient: string, dice: number, change: Partial<CaseResult> = {}): CaseResult {
  const end = { slices: 2, reason: 'expected-end' };
  return {
    id: `${patient}/CT`,
    patient,
    modality: 'CT',
    split: null,
    lesionSlices: 3,
    oneBox: {
      dice,
      surfaceDice: dice,
      hd95: 5,
      prompts: 1,
      keySliceDice: 0.9,
      meanSliceDice: dice,
      ends: { 'towards-first': end, 'towards-last': { slices: -1, reason: 'left-lesion' } },
      slices: [
        { k: 1, dice: 0.2, score: 0.4, truthVoxels: 3, foundVoxels: 4, origin: 'planned' },
        { k: 2, dice: 0.9, score: 0.8, truthVoxels: 3, foundVoxels: 4, origin: 'keyframe' },
        { k: 3, dice: 0, score: null, truthVoxels: 3, foundVoxels: 0, origin: null },
      ],
      seconds: 2,
      cpuSeconds: 3,
      slicesSegmented: 4,
    },
    everyBox: null,
    range: null,
    threeBox: null,
    curve: null,
    peakMemory: 512,
    ...change,
  };
}

describe('the summaries', () => {
  it('keep patients that were trained on apart', () => {
    const cases = [
      made('a', 0.9, { split: 'train' }),
      made('b', 0.5, { split: 'val' }),
      made('c', 0.7, { split: 'val' }),
    ];
    const summaries = summariesOf(cases);
    expect(summaries.map(({ split, cases: n, measures }) => [split, n, measures.dice?.mean])).toEqual([
      ['train', 1, 0.9],
      ['val', 2, 0.6],
    ]);
  });

  it('rank scores over the slices that have one, and count both ends', () => {
    const [summary] = summariesOf([made('a', 0.9), made('b', 0.5)]);
    expect(summary!.score).toMatchObject({ slices: 4, badSlices: 2, auroc: 1, interval: [1, 1] });
    expect(summary!.stopReasons).toEqual({ 'expected-end': 2, 'left-lesion': 2 });
    expect(summary!.measures).toMatchObject({
      endError: { mean: 1.5 },
      endBias: { mean: 0.5 },
      rangeDice: { n: 0, mean: null },
    });
  });

  it('keep the last value of a curve that ended early', () => {
    const step = (prompts: number, dice: number) => ({
      ...{ prompts, dice, surfaceDice: dice, hd95: 1, seconds: 1, cpuSeconds: 1 },
      given: { kind: 'box' as const, k: 1 },
    });
    const [summary] = summariesOf([
      made('a', 0.5, { curve: [step(1, 0.5), step(2, 0.9)] }),
      made('b', 0.7, { curve: [step(1, 0.7)] }),
    ]);
    expect(summary!.curve!.map(({ n, mean }) => [n, mean])).toEqual([
      [2, 0.6],
      [2, 0.8],
    ]);
  });
});

describe('two runs', () => {
  it('are compared on the cases that both have', () => {
    const rows = compareRuns([made('a', 0.9), made('b', 0.5), made('x', 0.1)], [made('a', 0.8), made('b', 0.502)]);
    if (!rows.ok) throw new Error();
    const dice = rows.value.find(({ measure }) => measure === 'dice')!;
    expect(dice).toMatchObject({ modality: 'CT', n: 2, wins: 1, ties: 1, losses: 0 });
    expect(dice.difference).toBeCloseTo(0.049, 9);
  });

  it('that have no case in common are not compared', () => {
    const rows = compareRuns([made('a', 0.9)], [made('b', 0.9)]);
    expect(rows.ok ? '' : rows.error.code).toBe('no-shared-cases');
  });
});

describe('voxprompt bench accuracy', () => {
  let folder = '';
  let printed: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-bench-'));
    printed = [];
    vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });
  const report = (cases: readonly CaseResult[]) =>
    reportText({
      model: { id: 'm', version: '1' },
      summaries: [...summariesOf(cases)],
      comparison: null,
      cases: [...cases],
    });

  it('reads what it wrote, splits it by the patients named, compares it and writes it again', async () => {
    const [now, before, out] = ['now.json', 'before.json', 'out.json'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(now, report([made('a', 0.9), made('b', 0.5), made('c', 0.6)]));
    await writeFile(before, report([made('a', 0.8), made('b', 0.5)]));
    const args = ['--read', now, '--against', before, '--patients', 'a,b', '--train', 'b', '--json', out];
    expect(await accuracyCommand(args)).toBeUndefined();
    expect(printed.join('\n')).toMatch(/CT, train: 1 cases of 1 patients/);
    expect(printed.join('\n')).toMatch(/CT, unseen: 1 cases of 1 patients/);
    expect(printed.join('\n')).toMatch(/CT dice\s+2\s+\+0\.050/);
    const written = await readReport(out);
    if (!written.ok) throw new Error(written.error.message);
    expect(written.value.cases.map(({ patient, split }) => [patient, split])).toEqual([
      ['a', 'unseen'],
      ['b', 'train'],
    ]);
    expect(written.value.comparison).toMatchObject({ against: 'before.json' });
    expect(await readFile(out, 'utf8')).not.toContain(folder);
  });

  it.each([
    ['of another version', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['with a Dice that is a word', (text: string) => text.replace('"dice": 0.9', '"dice": "good"')],
    ['that was cut short', (text: string) => text.slice(0, -20)],
  ])('refuses a report %s', async (_, spoil) => {
    const path = join(folder, 'spoilt.json');
    await writeFile(path, spoil(report([made('a', 0.9)])));
    const error = await accuracyCommand(['--read', path]);
    expect(['not-a-bench-report', 'file-unreadable']).toContain(error?.code);
    expect(error?.message).toContain('spoilt.json');
  });

  it.each([
    ['nothing to read', ''],
    ['two things to read', '--cases d --read f'],
    ['half a prompt', '--cases d --prompts 2.5'],
    ['another protocol', '--cases d --only three-box'],
  ])('refuses a command line with %s', (_, line) => {
    const options = accuracyOptions(line.split(' ').filter((word) => word !== ''));
    expect(options.ok ? undefined : options.error.code).toBe('usage');
  });
});
