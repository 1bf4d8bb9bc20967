import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { buildIfStale } from '../../src/server/prepare.mjs';
import { lesionBox, lesionCt } from '../e2e/support/lesionCt.ts';
import { type KillMoment, voxprompt } from './kill.ts';

/** A Segment Anything model of a few hundred bytes, so that what is tested is the batch. */
const MODEL = fileURLToPath(new URL('../fixtures/sam-families/medsam', import.meta.url));
const MODELS = ['--model', MODEL, '--propagation', 'sam'];
const KILLS = Number(process.env.VOXPROMPT_KILLS ?? 5);
const SHARDS = 2;

let seed = Number(process.env.VOXPROMPT_SEED ?? 20261122);
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

describe('voxprompt batch under kill -9', () => {
  let folder = '';
  let prompts = '';
  let out = '';

  beforeAll(async () => {
    await buildIfStale();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-batch-'));
    await lesionCt(join(folder, 'ct'));
    prompts = join(folder, 'prompts.jsonl');
    out = join(folder, 'out');
    const good = [1, 2, 3, 4, 5, 6, 7].flatMap((k) =>
      ['A', 'B'].map((label) => {
        const { x0, y0, x1, y1 } = lesionBox(k);
        return JSON.stringify({ dicom: 'ct', boxes: [{ slice: k, box: [x0, y0, x1, y1] }], range: [k, k], label });
      }),
    );
    const outside = JSON.stringify({ dicom: 'ct', boxes: [{ slice: 99, box: [1, 1, 5, 5] }] });
    await writeFile(prompts, [...good, good[0], 'not JSON', outside].join('\n'));
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const args = (shard: number): readonly string[] => [
    'batch',
    prompts,
    '--out',
    out,
    '--shard',
    `${shard}/${SHARDS}`,
    '--resume',
    ...MODELS,
    '--json',
  ];

  /** What the folder holds under the names of outputs; anything that is not whole is a failure of the test. */
  async function whole(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const names = await readdir(out).catch((): string[] => []);
    for (const name of names.filter((one) => one.endsWith('.dcm'))) {
      const decoded = decodeSegmentation(await readFile(join(out, name)));
      if (!decoded.ok) throw new Error(`${name} is torn: ${decoded.error.message}`);
      found.set(name, text(decoded.value.dataset, Tag.SOPInstanceUID) ?? '');
    }
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      JSON.parse(await readFile(join(out, name), 'utf8'));
      if (!found.has(name.replace('.json', '.dcm'))) throw new Error(`${name} has no object`);
    }
    for (const name of names.filter((one) => one.endsWith('.jsonl'))) {
      const text = await readFile(join(out, name), 'utf8');
      for (const line of text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .slice(0, -1))
        JSON.parse(line);
    }
    return found;
  }

  it('leaves no output missing, torn or made twice', async () => {
    const longest: number[] = [];
    const settled = new Map<string, string>();
    let [killed, finished] = [0, 0];
    for (let round = 0; round < KILLS; round += 1) {
      const shard = round % SHARDS;
      const startedAt = performance.now();
      // Early, while it loads; then between and within lines; and anywhere.
      const within = Math.max(500, ...longest);
      const moment: KillMoment =
        round % 3 === 0 ? { ms: random() * within } : { lines: 1 + Math.floor(random() * 3), ms: random() * 250 };
      const run = await voxprompt(args(shard), moment);
      if (run.killed) killed += 1;
      else {
        finished += 1;
        longest.push(performance.now() - startedAt);
      }
      const now = await whole();
      // What was recorded as complete is never written again.
      for (const [name, uid] of settled) expect(now.get(name), `${name} after round ${round}`).toBe(uid);
      for (const [name, uid] of now)
        if ((await readdir(out)).includes(name.replace('.dcm', '.json'))) settled.set(name, uid);
    }
    const codes = [];
    for (let shard = 0; shard < SHARDS; shard += 1) codes.push((await voxprompt(args(shard))).code);
    const outputs = await whole();
    console.log(
      `${KILLS} runs, ${killed} killed, ${finished} ended by themselves; ${settled.size} of 14 outputs were there before the last two runs; ${outputs.size} outputs at the end`,
    );
    expect(killed).toBeGreaterThan(0);
    // Two bad lines: each shard says so for its own.
    expect(codes).toEqual([1, 1]);
    expect(outputs.size).toBe(14);
    expect(new Set(outputs.values()).size).toBe(14);
    const names = (await readdir(out)).filter((name) => !name.startsWith('.'));
    expect(names.filter((name) => name.endsWith('.json'))).toHaveLength(14);
    expect(names.filter((name) => !/\.(dcm|json|jsonl)$/.test(name))).toEqual([]);
    expect(await readdir(join(out, '.staging'), { recursive: true })).toEqual(['0-of-2', '1-of-2']);
  }, 3_000_000);

  it('does nothing more when all is there, and says what has no output', async () => {
    const before = await whole();
    const runs = [await voxprompt(args(0)), await voxprompt(args(1))];
    const events = runs.flatMap(({ stdout }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
    const lines = events.filter(({ event }) => event === 'line');
    expect(lines.filter(({ status }) => status === 'present')).toHaveLength(14);
    expect(lines.filter(({ status }) => status === 'done')).toHaveLength(0);
    expect(lines.filter(({ code }) => code !== undefined).map(({ line, code }) => [line, code])).toEqual([
      [17, 'slice-outside-stack'],
      [16, 'bad-line'],
    ]);
    expect(await whole()).toEqual(before);
  }, 600_000);

  it('is not begun on a folder with its outputs unless it is told to resume, nor without its file', async () => {
    const again = await voxprompt(args(0).filter((arg) => arg !== '--resume'));
    expect([again.code, again.stderr.includes('--resume')]).toEqual([2, true]);
    const nothing = await voxprompt(['batch', join(folder, 'none.jsonl'), '--out', out]);
    expect(nothing.code).toBe(2);
  }, 600_000);

  it('ends with 0 where every line has its output', async () => {
    const [first] = (await readFile(prompts, 'utf8')).split('\n');
    const one = join(folder, 'one.jsonl');
    await writeFile(one, `${first}\n`);
    expect(await voxprompt(['batch', one, '--out', join(folder, 'one'), ...MODELS])).toMatchObject({ code: 0 });
  }, 600_000);
});
