import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accuracyCommand } from './accuracyCommand.ts';
import { accuracyOptions } from './accuracyOptions.ts';
import { compareRuns } from './compareRuns.ts';
import { type CaseResult, readReport, reportText } from './report.ts';
import { summariesOf } from './summarise.ts';

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
