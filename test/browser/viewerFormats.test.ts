import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10 } from '../../extensions/local-files/node.ts';
import { encodedAgain } from '../support/encodedImages.ts';
import {
  type CorpusFile,
  corpus,
  corpusBytes,
  corpusPresent,
  type FrameValues,
  mayRefuse,
  pixelJudge,
  printTable,
} from '../support/formatCorpus.ts';
import { type Harness, startHarness } from './viewer/startHarness.ts';
import type { SeriesOnDisk } from './viewer/studyServer.ts';

const FULL = process.env.VOXPROMPT_FULL === '1';

/** Segmentations have readers of their own; what Node refuses at the door never gets here. */
const images = corpus.files.filter(({ kind, must }) => kind === 'dicom' && must !== 'seg-read');

/** Images that say nothing of where they lie, or map their values by a table: core refuses them before a pixel is read. */
const REFUSALS = new Set(['no-image-plane', 'modality-lut-table', 'no-uid', 'not-an-image']);

/** Typed arrays by the form in which the index hashes them. */
const FORMS: Readonly<Record<string, new (values: Float64Array) => FrameValues['values']>> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16le: Uint16Array,
  int16le: Int16Array,
  uint32le: Uint32Array,
  float32le: Float32Array,
  float64le: Float64Array,
};

interface Served {
  readonly file: CorpusFile;
  readonly name: string;
}

describe.skipIf(!corpusPresent)('the robustness corpus in the viewer', () => {
  let harness: Harness;
  let page: Page;
  let folder: string;
  const served: Served[] = [];
  const results = new Map<string, string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-formats-'));
    const studies = new Map<string, SeriesOnDisk>();
    const add = async (file: CorpusFile, bytes: Uint8Array): Promise<void> => {
      const parsed = parsePart10(bytes, { name: file.path });
      if (!parsed.ok) return void results.set(file.path, `refused at the door: ${parsed.error.code}`);
      const name = String(served.length);
      await writeFile(join(folder, name), parsed.value.bytes);
      studies.set(name, { paths: [join(folder, name)], headers: [parsed.value.dataset], pixels: [] });
      served.push({ file, name });
    };
    for (const file of images) await add(file, corpusBytes(file.path));
    for (const path of ['pydicom/CT_small.dcm', 'ucsf-breast-dce/3dfgre/1-027.dcm']) {
      const original = images.find((it) => it.path === path)!;
      for (const [syntax, bytes] of await encodedAgain(path))
        await add({ ...original, path: `${path} as ${syntax}`, transferSyntaxUID: syntax }, bytes);
    }
    harness = await startHarness(studies);
    page = (await harness.newPage()).page;
  }, 600_000);
  afterAll(async () => {
    await harness?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function shown({ file, name }: Served): Promise<string> {
    const opened = await page.evaluate((study) => window.viewerHarness.open(study, 'part10'), name);
    if (!opened.ok) {
      const code = 'error' in opened ? opened.error.code : 'unknown';
      return REFUSALS.has(code) || mayRefuse(file) ? `refused: ${code}` : `WRONG: ${code}`;
    }
    await page.evaluate(() => window.viewerHarness.loaded());
    const frames = await page.evaluate(() => window.viewerHarness.frames());
    if (typeof frames === 'string')
      return mayRefuse(file) ? `refused: ${frames}` : `refused although it is whole: ${frames}`;
    if (file.decoded === undefined)
      return mayRefuse(file) && !file.acceptable ? 'WRONG: shown though damaged' : 'shown';
    const judge = pixelJudge(file.decoded);
    const Form = FORMS[file.decoded.form.split(' ')[0]!]!;
    for (const { columns, samplesPerPixel, base64 } of frames) {
      const { buffer, byteOffset, length } = Buffer.from(base64, 'base64');
      const values = new Float64Array(buffer.slice(byteOffset, byteOffset + length));
      // A sum of slope and intercept in float32 comes back a hair beside the whole number it was.
      const whole = file.decoded.form.startsWith('float') ? values : values.map(Math.round);
      judge.add({ columns, samplesPerPixel, values: new Form(whole) });
    }
    return judge.verdict();
  }

  it('decodes every image that lies in a patient to the values of the reference decoders', async () => {
    for (const it of served) results.set(it.file.path, await shown(it));
    expect(printTable('formats: the viewer in Chromium', results, FULL)).toEqual([]);
    const exact = [...results.values()].filter((result) => result === 'exact').length;
    expect(exact).toBeGreaterThanOrEqual(100);
  }, 900_000);
});
