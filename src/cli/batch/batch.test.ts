import { appendFile, mkdtemp, readdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { lesionBox, lesionCt, MIDDLE } from '../../../test/e2e/support/lesionCt.ts';
import type { SegmentReport } from '../segment/segment.ts';
import { segmentWith } from '../segment/segment.ts';
import { type BatchEvent, openBatchLog } from './batchLog.ts';
import { batchOptions } from './batchOptions.ts';
import { keysIn, openOutputs } from './outputs.ts';
import { type BatchPrompt, linesOfShard, promptLines } from './prompts.ts';
import { runBatch } from './runBatch.ts';

const prompt = (k: number, more: Readonly<Record<string, unknown>> = {}): string => {
  const { x0, y0, x1, y1 } = lesionBox(k);
  return JSON.stringify({ dicom: 'ct', boxes: [{ slice: k, box: [x0, y0, x1, y1] }], range: [k, k], ...more });
};

describe('a file of prompts', () => {
  it('gives the same prompt the same name, whatever the order of its fields and the lines around it', () => {
    const [one] = promptLines(prompt(3), 'm 1');
    const turned = `\n{}\n${JSON.stringify({ range: [3, 3], ...(JSON.parse(prompt(3)) as object), label: 'Lesion' })}\r\n`;
    const [, same] = promptLines(turned, 'm 1');
    expect(same).toEqual({ ...one, line: 3 });
    expect(one).toMatchObject({ kind: 'prompt', key: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it('gives another name for another box, folder, label, range or model', () => {
    const texts = [
      prompt(3),
      prompt(4),
      prompt(3, { dicom: 'other' }),
      prompt(3, { label: 'Node' }),
      prompt(3, { range: [2, 4] }),
    ];
    const keys = texts.map((text) => promptLines(text, 'm 1')[0]).concat(promptLines(prompt(3), 'm 2'));
    expect(new Set(keys.map((one) => (one?.kind === 'prompt' ? one.key : ''))).size).toBe(6);
  });

  it.each([
    ['it is not JSON', '{"dicom": "d"'],
    ['boxes', '{"dicom": "d"}'],
    ['boxes.0.box', prompt(1, { boxes: [{ slice: 1, box: [5, 1, 2, 3] }] })],
    ['boxes.0.slice', prompt(1, { boxes: [{ slice: -1, box: [1, 1, 2, 3] }] })],
    ['range', prompt(1, { range: [4, 2] })],
    ['label', prompt(1, { label: ' ' })],
    ['unknown field box', prompt(1, { box: [1, 2, 3, 4] })],
    ['series', prompt(1, { series: 'DOE^JANE' })],
  ])('says what is wrong with a line (%s), and not what it holds', (part, bad) => {
    const lines = promptLines(`${bad}\n${prompt(2)}`, 'm');
    expect(lines.map(({ kind }) => kind)).toEqual(['bad', 'prompt']);
    const message = lines[0]?.kind === 'bad' ? lines[0].message : '';
    expect(message).toContain(part);
    expect(message).not.toMatch(/DOE|JANE/);
  });

  it('is dealt to shards so that each line is in one of them, and a line that comes twice is made once', () => {
    const lines = promptLines([1, 2, 3, 1, 4, 5, 2].map((k) => prompt(k)).join('\n'), 'm');
    expect(lines.filter(({ kind }) => kind === 'duplicate')).toMatchObject([
      { line: 4, of: 1 },
      { line: 7, of: 2 },
    ]);
    const dealt = [0, 1, 2].flatMap((index) => linesOfShard(lines, index, 3));
    expect(dealt.map(({ line }) => line).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('the arguments of batch', () => {
  it.each([
    ['no file', '--out d'],
    ['two files', 'a b --out d'],
    ['no folder', 'a'],
    ['a shard beyond the last', 'a --out d --shard 3/3'],
    ['a shard of none', 'a --out d --shard 0/0'],
    ['an unknown option', 'a --out d --store http://x'],
  ])('refuse %s', (_, line) => {
    const options = batchOptions(line.split(' '));
    expect(options.ok ? undefined : options.error.code).toBe('usage');
  });
  it('take a shard', () => {
    expect(batchOptions(['p.jsonl', '--out', 'd', '--shard', '2/3', '--resume'])).toMatchObject({
      value: { prompts: 'p.jsonl', out: 'd', shard: 2, shards: 3, resume: true },
    });
  });
});

describe('one shard', () => {
  let folder = '';
  let out = '';
  let events: BatchEvent[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-batch-'));
    out = join(folder, 'out');
    events = [];
    await lesionCt(join(folder, 'ct'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const segment = ({ dicom, boxes, range, label }: BatchPrompt, file: string): Promise<Result<SegmentReport>> => {
    const asked = boxes.map(({ slice, box: [x0, y0, x1, y1] }) => ({ slice: String(slice), box: { x0, y0, x1, y1 } }));
    const ends = range === undefined ? undefined : { first: range[0], last: range[1] };
    const rest = {
      series: undefined,
      model: undefined,
      also: [],
      propagation: undefined,
      store: undefined,
      threads: undefined,
      json: true,
    };
    const options = { dicom: join(folder, dicom), boxes: asked, range: ends, label, out: file, ...rest };
    const model = brightnessModel();
    const { intensity: _, ...manifest } = model.manifest;
    const bright = { ...manifest, intensity: { other: { kind: 'window', low: 0, high: 150 } } } as const;
    const prompting = { ...model, manifest: bright };
    return segmentWith({ prompting, propagating: undefined }, options, () => undefined);
  };

  async function run(text: string, with_: typeof segment = segment) {
    const outputs = await openOutputs(out, '0-of-1');
    return runBatch(promptLines(text, 'm'), {
      outputs,
      segment: with_,
      log: async (event) => void events.push(event),
    });
  }
  const keyOf = (text: string): string => {
    const [line] = promptLines(text, 'm');
    return line?.kind === 'prompt' ? line.key : '';
  };
  const contents = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(out))
          .filter((name) => name.includes('.') && !name.startsWith('.'))
          .map(async (name) => [name, (await readFile(join(out, name))).toString('base64')]),
      ),
    ) as Readonly<Record<string, string>>;

  it('writes an object and its record for each good line, whatever the others hold', async () => {
    const text = [
      prompt(3),
      'nonsense',
      prompt(4),
      prompt(3),
      prompt(5, { boxes: [{ slice: 70, box: [1, 1, 5, 5] }] }),
    ].join('\n');
    expect(await run(text)).toEqual({ done: 2, present: 0, duplicate: 1, failed: 1, 'bad-line': 1 });
    expect(Object.keys(await contents()).sort()).toEqual(
      [prompt(3), prompt(4)].flatMap((one) => [`${keyOf(one)}.dcm`, `${keyOf(one)}.json`]).sort(),
    );
    expect(events.find((event) => event.event === 'line' && event.status === 'failed')).toMatchObject({
      line: 5,
      code: 'slice-outside-stack',
    });
    expect(await readdir(join(out, '.staging', '0-of-1'))).toEqual([]);
  });

  it('keeps what is complete, to the last byte', async () => {
    await run(prompt(3));
    const before = await contents();
    expect(await run(`${prompt(3)}\n${prompt(4)}`)).toMatchObject({ present: 1, done: 1 });
    expect(await contents()).toMatchObject(before);
  });

  it.each<[string, (dcm: string, json: string) => Promise<unknown>]>([
    ['an object without a record', (_, json) => unlink(json)],
    ['a record without an object', (dcm) => unlink(dcm)],
    ['an object cut short', (dcm) => truncate(dcm, 900)],
    ['an object that grew', (dcm) => appendFile(dcm, 'x')],
    [
      'an object of one wrong bit',
      async (dcm) => {
        const bytes = await readFile(dcm);
        bytes[bytes.length - 1]! ^= 1;
        await writeFile(dcm, bytes);
      },
    ],
    ['a record cut short', (_, json) => truncate(json, 40)],
    ['what a killed writer left', async () => writeFile(join(out, '.staging', '0-of-1', 'half'), 'half')],
  ])('makes good %s', async (_, spoil) => {
    await run(prompt(MIDDLE));
    const key = keyOf(prompt(MIDDLE));
    await spoil(join(out, `${key}.dcm`), join(out, `${key}.json`));
    await run(prompt(MIDDLE));
    const outputs = await openOutputs(out, '0-of-1');
    expect(await outputs.isComplete(key)).toBe(true);
    expect([...(await keysIn(out))]).toEqual([key]);
    expect(await readdir(join(out, '.staging', '0-of-1'))).toEqual([]);
  });

  it('tells no folder and no file in its log, since their names may be those of patients', async () => {
    const failing = async () =>
      err(appError('colour-image', 'DOE_JANE/1.dcm is a colour image.', { cause: 'DOE_JANE' }));
    const throwing = () => Promise.reject(new Error('DOE_JANE'));
    await run(prompt(1, { dicom: 'DOE_JANE' }), failing);
    await run(prompt(2, { dicom: 'DOE_JANE' }), throwing);
    await run(prompt(3, { dicom: 'DOE_JANE' }));
    expect(events.map((event) => event.event === 'line' && event.code)).toEqual([
      'colour-image',
      'not-made',
      'folder-unreadable',
    ]);
    expect(JSON.stringify(events)).not.toContain('DOE');
    expect([...(await keysIn(out))]).toEqual([]);
  });

  it('goes on with a log whose last line was torn', async () => {
    const path = join(folder, 'log.jsonl');
    await writeFile(path, '{"event":"start"}\n{"event":"li');
    const log = await openBatchLog(path, () => undefined);
    await log.write({ event: 'line', line: 1, key: null, status: 'bad-line' });
    await log.close();
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lines.map(({ event }) => event)).toEqual(['start', 'line']);
  });

  it('counts an object that cannot be kept as failed', async () => {
    const empty = async () => ok({} as SegmentReport);
    expect(await run(prompt(1), empty)).toMatchObject({ failed: 1, done: 0 });
  });
});
