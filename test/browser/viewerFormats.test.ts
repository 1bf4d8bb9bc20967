import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10, usableImage } from '../../extensions/local-files/node.ts';
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
import { freshUid, tinyCt } from '../support/tinyCt.ts';
import { type Harness, startHarness } from './viewer/startHarness.ts';
import type { SeriesOnDisk } from './viewer/studyServer.ts';

const FULL = process.env.VOXPROMPT_FULL === '1';

/** Segmentations have readers of their own; what Node refuses at the door never gets here. */
const ONLY = new RegExp(process.env.VOXPROMPT_ONLY ?? '');
const images = corpus.files.filter(
  ({ kind, must, path }) =>
    kind === 'dicom' && must !== 'seg-read' && (FULL || must !== 'warn-geometry') && ONLY.test(path),
);

/** Images that say nothing of where they lie, or map their values by a table: core refuses them before a pixel is read. */
const REFUSALS = new Set([
  'no-image-plane',
  'modality-lut-table',
  'no-uid',
  'not-an-image',
  // Colour: shown, but there is no intensity in it.
  'pixels-unavailable',
]);

/** To be written in HTJ2K (and the unsigned one in JPEG XL), of which the corpus has no grey sample with a place in a patient. */
function again(): readonly (readonly [CorpusFile, Uint8Array])[] {
  const signed = images.find(({ path }) => path === 'pydicom/CT_small.dcm');
  const pixels = new Uint16Array(64 * 64).map((_, at) => (at * 37) % 4096);
  const unsigned: CorpusFile = {
    path: 'an unsigned CT of ours',
    kind: 'dicom',
    must: 'decode',
    decoded: { form: 'uint16le', exact: true, sha256: createHash('sha256').update(pixels).digest('hex') },
  };
  const ct = tinyCt({ study: freshUid(), series: freshUid(), instance: freshUid(), pixels });
  return [[unsigned, ct], ...(signed === undefined ? [] : [[signed, corpusBytes(signed.path)] as const])];
}

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
  let pages: readonly Page[];
  let folder: string;
  const served: Served[] = [];
  const results = new Map<string, string>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-formats-'));
    const studies = new Map<string, SeriesOnDisk>();
    const add = async (file: CorpusFile, bytes: Uint8Array): Promise<void> => {
      const parsed = parsePart10(bytes, { name: file.path });
      const usable = parsed.ok ? usableImage(parsed.value) : parsed;
      // What lacks nothing but a study would not get further than the door either, but its pixels are worth a look.
      const refusal = usable.ok || usable.error.code === 'no-study-uid' ? undefined : usable.error.code;
      if (!parsed.ok || refusal !== undefined) return void results.set(file.path, `refused at the door: ${refusal}`);
      const name = String(served.length);
      await writeFile(join(folder, name), parsed.value.bytes);
      studies.set(name, { paths: [join(folder, name)], headers: [parsed.value.dataset], pixels: [] });
      served.push({ file, name });
    };
    for (const file of images) await add(file, corpusBytes(file.path));
    for (const [original, bytes] of again()) {
      for (const [syntax, encoded] of await encodedAgain(bytes)) {
        await add({ ...original, path: `${original.path} as ${syntax}`, transferSyntaxUID: syntax }, encoded);
      }
    }
    harness = await startHarness(studies);
    pages = [(await harness.newPage()).page, (await harness.newPage()).page];
  }, 600_000);
  afterAll(async () => {
    await harness?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function shown(page: Page, { file, name }: Served): Promise<string> {
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
    const queue = served.values();
    const work = async (page: Page): Promise<void> => {
      for (const one of queue) results.set(one.file.path, await shown(page, one));
    };
    await Promise.all(pages.map(work));
    expect(printTable('formats: the viewer in Chromium', results, FULL)).toEqual([]);
    const exact = [...results.values()].filter((result) => result === 'exact').length;
    if (process.env.VOXPROMPT_ONLY === undefined) expect(exact).toBeGreaterThanOrEqual(FULL ? 100 : 45);
  }, 900_000);
});
