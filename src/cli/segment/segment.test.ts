import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSegmentation, placeOnSeries } from '../../../extensions/dicom-seg/index.ts';
import { brightnessModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightnessModel.ts';
import { brightVolumeModel } from '../../../extensions/sam-segmentation/segmenter/testing/brightVolumeModel.ts';
import { startEmbeddedArchive } from '../../../test/support/embeddedArchive.ts';
import { COLUMNS, RADIUS, ROWS, SERIES, SLICES, sliceFile, valueAt } from '../../../test/support/spherePet.ts';
import { dicomSource } from '../series/dicomSource.ts';
import { readSeries } from '../series/readSeries.ts';
import type { SegmentOptions } from './options.ts';
import { segmentWith } from './segment.ts';

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
