import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageLoader, type Types } from '@cornerstonejs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { parseMultipart } from '../../extensions/dicomweb/multipart.ts';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';
import { IMAGE_SCHEME, openSlices, parseImageId } from '../../src/viewer/series/openSlices.ts';
import { loadAllSlices } from '../../src/viewer/series/sliceLoading.ts';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { freshUid, tinyCt } from '../support/tinyCt.ts';

const SLICES = 2000;
const SIDE = 32;
/** What a browser opens to one host. */
const CONNECTIONS = 6;
const [study, series] = [freshUid(), freshUid()];

describe(`a series of ${SLICES} images`, () => {
  let server: EmbeddedArchive;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-long-'));
    for (let k = 0; k < SLICES; k += 1) {
      const pixels = new Uint16Array(SIDE * SIDE).fill(k);
      const image = tinyCt({ study, series, instance: `${series}.${k + 1}`, instanceNumber: k + 1, pixels });
      await writeFile(join(folder, `${(k * 7919) % SLICES}.dcm`), image);
    }
    server = await startEmbeddedArchive({ folders: [folder] });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('comes whole, nearest to the reader first, over no more connections than a browser has', async () => {
    const source = dicomWebSource('test', 'Test', server.root);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const headers = await source.seriesHeaders(study, series);
    const read = headers.ok ? imageSeriesOf(headers.value) : headers;
    if (!read.ok) throw new Error(read.error.message);
    expect(read.value.frames).toHaveLength(SLICES);
    expect(read.value.stack.use).toBe('volume');
    expect(server.traffic.paths).toHaveLength(1);

    const slices = openSlices(1, read.value, source);
    const [asked, values]: [number[], Map<number, number>] = [[], new Map()];
    // In place of the decoder, which needs a browser; the order and the requests are the viewer's own.
    imageLoader.registerImageLoader(IMAGE_SCHEME, (imageId) => ({ promise: load(imageId) }));
    const load = async (imageId: string): Promise<Types.IImage> => {
      const k = parseImageId(imageId)?.k ?? -1;
      asked.push(k);
      const location = source.pixels(read.value.frames[k]!.dataset, 1);
      if (location.kind !== 'wado-rs' || location.read === undefined) throw new Error('not WADO-RS');
      const answer = await location.read({ signal: slices.closing.signal });
      const parts = answer.ok ? parseMultipart(answer.value.bytes, answer.value.contentType) : answer;
      const body = parts.ok ? parts.value[0]?.body : undefined;
      if (body?.length !== SIDE * SIDE * 2) throw new Error('not the pixels of a slice');
      values.set(k, body[0]! + 256 * body[1]!);
      return { imageId, sizeInBytes: body.length } as Types.IImage;
    };
    let [near, moved] = [1700, 0];
    await loadAllSlices(
      slices,
      () => near,
      (done) => {
        if (done !== 500) return;
        // The reader scrolls away while the rest is loading.
        [near, moved] = [100, asked.length];
      },
    );

    const seconds = (performance.now() - started) / 1000;
    const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
    console.log(
      `  ${SLICES} slices in ${seconds.toFixed(1)} s, at most ${server.traffic.most} requests at a time, ${grownMiB.toFixed(0)} MiB more`,
    );
    expect(asked.slice(0, CONNECTIONS).every((k) => Math.abs(k - 1700) <= CONNECTIONS)).toBe(true);
    expect(asked.slice(moved, moved + CONNECTIONS).every((k) => Math.abs(k - 100) <= CONNECTIONS)).toBe(true);
    expect([...values].filter(([k, value]) => k !== value)).toEqual([]);
    expect(values.size).toBe(SLICES);
    // Each frame once, and the headers.
    expect(server.traffic.paths).toHaveLength(SLICES + 1);
    expect(server.traffic.most).toBeLessThanOrEqual(CONNECTIONS);
    expect(grownMiB).toBeLessThan(400);
  });
});
