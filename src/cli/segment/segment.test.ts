import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { writePart10 } from '../../../extensions/dicom-seg/encode.ts';
import { decodeSegmentation, placeOnSeries } from '../../../extensions/dicom-seg/index.ts';
import type { VolumeModel } from '../../../extensions/sam-segmentation/inference/volumeModel.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { brightVolumeModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightVolumeModel.ts';
import { startEmbeddedArchive } from '../../../test/support/embeddedArchive.ts';
import { dicomSource } from '../series/dicomSource.ts';
import { readSeries } from '../series/readSeries.ts';
import type { SegmentOptions } from './options.ts';
import { segmentWith } from './segment.ts';

const [COLUMNS, ROWS, SLICES] = [40, 36, 21];
const CENTRE = [18, 15, 10] as const;
const RADIUS = 8;
const SERIES = '2.25.1001';

/** 0 to 100 at voxel (i, j, k): a sphere with soft edges, 1 mm voxels. */
const valueAt = (i: number, j: number, k: number): number =>
  100 * Math.min(1, Math.max(0, 0.5 - Math.hypot(i - CENTRE[0], j - CENTRE[1], k - CENTRE[2]) + RADIUS));

/** A coronal PET-like slice: its own rescale slope, as PET has, and files named against the slice order. */
function sliceFile(k: number, { series = SERIES, frame = '2.25.1002' } = {}): Uint8Array {
  const slope = 0.01 + 0.001 * k;
  const plain = (vr: string, ...Value: unknown[]) => ({ vr, Value });
  const dataset: DicomDataset = {
    '00080016': plain('UI', '1.2.840.10008.5.1.4.1.1.128'),
    '00080018': plain('UI', `${series === SERIES ? '2.25' : series}.2000${k}`),
    '00080060': plain('CS', 'PT'),
    '00100010': plain('PN', { Alphabetic: 'Phantom' }),
    '00100020': plain('LO', 'P1'),
    '00180050': plain('DS', 1),
    '0020000D': plain('UI', '2.25.1000'),
    '0020000E': plain('UI', series),
    '00200032': plain('DS', -20, 30 - k, 50),
    '00200037': plain('DS', 1, 0, 0, 0, 0, -1),
    '00200052': plain('UI', frame),
    '00280002': plain('US', 1),
    '00280004': plain('CS', 'MONOCHROME2'),
    '00280010': plain('US', ROWS),
    '00280011': plain('US', COLUMNS),
    '00280030': plain('DS', 1, 1),
    '00280100': plain('US', 16),
    '00280101': plain('US', 16),
    '00280102': plain('US', 15),
    '00280103': plain('US', 0),
    '00281052': plain('DS', 0),
    '00281053': plain('DS', slope),
  };
  const header = writePart10(dataset);
  const pixels = new Uint16Array(COLUMNS * ROWS).map((_, index) =>
    Math.round(valueAt(index % COLUMNS, Math.floor(index / COLUMNS), SLICES - 1 - k) / slope),
  );
  const out = new Uint8Array(header.length + 12 + pixels.byteLength);
  out.set(header);
  out.set([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0], header.length);
  new DataView(out.buffer).setUint32(header.length + 8, pixels.byteLength, true);
  out.set(new Uint8Array(pixels.buffer), header.length + 12);
  return out;
}

/** The same model, which lets other series have a say. */
const withSay = (model: VolumeModel): VolumeModel => ({
  ...model,
  manifest: { ...model.manifest, registered: { leastScore: 0.8 } },
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxprompt-'));
  for (let k = 0; k < SLICES; k += 1) await writeFile(join(folder, `${100 + ((k * 8) % SLICES)}.dcm`), sliceFile(k));
  await writeFile(join(folder, 'README.txt'), 'not an image');
});
afterAll(() => rm(folder, { recursive: true }));

const options = (change: Partial<SegmentOptions> = {}): SegmentOptions => ({
  dicom: folder,
  series: undefined,
  boxes: [{ slice: '10', box: { x0: 10, y0: 7, x1: 26, y1: 23 } }],
  also: [],
  range: undefined,
  model: undefined,
  propagation: undefined,
  label: 'Sphere',
  out: join(folder, 'seg.out'),
  store: undefined,
  threads: undefined,
  inference: undefined,
  json: true,
  ...change,
});

async function files() {
  const series = await readSeries(folder);
  if (!series.ok) throw new Error(series.error.message);
  return series.value;
}

describe('a folder of DICOM files', () => {
  it('becomes slices in order along the normal, each through its own rescale slope', async () => {
    const source = dicomSource(await files(), brightnessModel().manifest);
    if (!source.ok) throw new Error(source.error.message);
    expect(source.value.geometry.positions).toHaveLength(SLICES);
    for (const k of [0, 4, 10, 17]) {
      const slice = await source.value.slice(k);
      if (!slice.ok) throw new Error(slice.error.message);
      slice.value.values.forEach((value, index) => {
        expect(Math.abs(value - valueAt(index % COLUMNS, Math.floor(index / COLUMNS), k))).toBeLessThan(0.02);
      });
    }
  });

  it('names the series it holds when another one is asked for', async () => {
    const result = await readSeries(folder, '1.2.3');
    expect(result.ok ? undefined : result.error.remedy).toContain(SERIES);
  });
});

const alone = () => ({ prompting: brightnessModel(), propagating: undefined });

describe('voxprompt segment', () => {
  it('writes a DICOM Segmentation whose voxels are the sphere, where the sphere is', async () => {
    const report = await segmentWith(alone(), options(), () => undefined);
    if (!report.ok) throw new Error(report.error.message);
    const decoded = decodeSegmentation(await readFile(report.value.out));
    if (!decoded.ok) throw new Error(decoded.error.message);
    const placed = placeOnSeries(decoded.value, (await files()).series);
    if (!placed.ok) throw new Error(placed.error.message);
    let inside = 0;
    let stray = 0;
    for (const [k, mask] of placed.value.voxels.get(1)!) {
      mask.forEach((value, index) => {
        const bright = valueAt(index % COLUMNS, Math.floor(index / COLUMNS), k) > 50;
        if (value === 1 && bright) inside += 1;
        else if (value === 1) stray += 1;
      });
    }
    const sphere = (4 / 3) * Math.PI * RADIUS ** 3;
    expect(inside).toBeGreaterThan(0.8 * sphere);
    expect(stray).toBeLessThan(0.1 * sphere);
    expect(report.value.volumeMl * 1000).toBeCloseTo(inside + stray, 6);
    expect(report.value.ends.map(({ direction }) => direction).sort()).toEqual(['towards-first', 'towards-last']);
  });

  it('takes the slice by its SOP Instance UID, and boxes on more than one slice', async () => {
    const boxes = [
      { slice: `2.25.2000${SLICES - 1 - 10}`, box: { x0: 10, y0: 7, x1: 26, y1: 23 } },
      { slice: '14', box: { x0: 11, y0: 8, x1: 25, y1: 22 } },
    ];
    const report = await segmentWith(alone(), options({ boxes, range: { first: 8, last: 14 } }), () => undefined);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.slices.map(({ k }) => k)).toEqual([8, 9, 10, 11, 12, 13, 14]);
    expect(report.value.slices.filter(({ origin }) => origin === 'keyframe').map(({ k }) => k)).toEqual([10, 14]);
  });

  it.each([
    ['slice-outside-stack', { boxes: [{ slice: '21', box: { x0: 1, y0: 1, x1: 5, y1: 5 } }] }],
    ['box-outside-image', { boxes: [{ slice: '3', box: { x0: 100, y0: 1, x1: 105, y1: 5 } }] }],
    ['empty-lesion', { boxes: [{ slice: '10', box: { x0: 1, y0: 28, x1: 5, y1: 33 } }] }],
    ['not-written', { out: join('does', 'not', 'exist.dcm') }],
    ['folder-unreadable', { dicom: 'no-such-folder' }],
  ])('says %s', async (code, change) => {
    const report = await segmentWith(alone(), options(change), () => undefined);
    expect(report.ok ? undefined : report.error.code).toBe(code);
  });

  it('propagates by a volume model where there is one, and the object names both', async () => {
    const models = { prompting: brightnessModel(), propagating: brightVolumeModel() };
    const report = await segmentWith(models, options(), () => undefined);
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.model).toBe('brightness 1 + bright-volume 1');
    expect(new Set(report.value.slices.map(({ origin }) => origin))).toEqual(new Set(['volume', 'keyframe']));
    const inside = (k: number): number =>
      Array.from({ length: COLUMNS * ROWS }, (_, index) =>
        valueAt(index % COLUMNS, Math.floor(index / COLUMNS), k),
      ).filter((value) => value > 50).length;
    for (const { k, area } of report.value.slices) expect(Math.abs(area - inside(k))).toBeLessThan(12);
    const decoded = decodeSegmentation(await readFile(report.value.out));
    expect(decoded.ok && decoded.value.segments[0]!.algorithm).toMatchObject({
      name: 'Brightness + Bright volume',
    });
  });

  it('looks at another series of the same frame too, and says what became of it', async () => {
    const also = await mkdtemp(join(tmpdir(), 'voxprompt-also-'));
    for (let k = 0; k < SLICES; k += 1) await writeFile(join(also, `${k}.dcm`), sliceFile(k, { series: '2.25.1003' }));
    const elsewhere = await mkdtemp(join(tmpdir(), 'voxprompt-also-'));
    await writeFile(join(elsewhere, '0.dcm'), sliceFile(0, { series: '2.25.1004', frame: '2.25.9' }));
    try {
      const propagating = withSay(brightVolumeModel());
      const report = await segmentWith(
        { prompting: brightnessModel(), propagating },
        options({ also: [also] }),
        () => {},
      );
      if (!report.ok) throw new Error(report.error.message);
      expect(report.value.also).toEqual([{ series: '2.25.1003', score: expect.closeTo(0.9, 5), counted: true }]);
      const decoded = decodeSegmentation(await readFile(report.value.out));
      expect(decoded.ok && decoded.value.segments[0]!.algorithm).toMatchObject({
        parameters: expect.stringContaining('also seen in PT'),
      });

      const refusals = [
        [propagating, elsewhere, 'not-registered'],
        [propagating, '1.2.3', 'no-series'],
        [brightVolumeModel(), also, 'no-say'],
        [undefined, also, 'no-say'],
      ] as const;
      for (const [model, name, code] of refusals) {
        const refused = await segmentWith(
          { prompting: brightnessModel(), propagating: model },
          options({ also: [name] }),
          () => {},
        );
        expect(refused.ok ? undefined : refused.error.code).toBe(code);
      }
    } finally {
      for (const made of [also, elsewhere]) await rm(made, { recursive: true });
    }
  });

  it('says stored only after the archive has given the same content back', async () => {
    const archive = await startEmbeddedArchive();
    const store = `${archive.root}/`;
    const run = () => segmentWith(alone(), options({ store, range: { first: 10, last: 10 } }), () => undefined);
    try {
      expect(await run()).toMatchObject({ ok: true, value: { stored: true } });
      // The answer to the store is lost: asking for the object settles it.
      archive.plan({ on: 'store', kind: 'answer-lost' });
      expect(await run()).toMatchObject({ ok: true, value: { stored: true } });
      archive.plan({ on: 'store', kind: 'dropped' });
      expect(await run()).toMatchObject({
        error: { code: 'store-answer-lost', remedy: expect.stringContaining('can be sent again') },
      });
      archive.plan({ on: 'store', kind: 'disk-full' });
      expect(await run()).toMatchObject({ error: { code: 'store-refused', context: { reason: 'A700' } } });
    } finally {
      await archive.stop();
    }
  });

  it('is not taken in by an archive that says stored and has nothing', async () => {
    let sent = 0;
    const archive = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.method !== 'POST') return void response.writeHead(404).end();
        sent += 1;
        const body = Buffer.concat(chunks);
        const uid = /2\.25\.\d+/.exec(body.subarray(body.indexOf('DICM')).toString('latin1'))?.[0] ?? '';
        response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
        response.end(JSON.stringify({ '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: [uid] } }] } }));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((done) => archive.once('listening', done));
    const store = `http://127.0.0.1:${(archive.address() as AddressInfo).port}/dicom-web`;
    const report = await segmentWith(alone(), options({ store, range: { first: 10, last: 10 } }), () => undefined);
    archive.close();
    expect(sent).toBe(1);
    expect(report).toMatchObject({ error: { code: 'stored-but-not-found' } });
  });
});
