import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type DicomDataset, items, numbers, text } from '#core/dicom/dataset.ts';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { bulkDataAddress, MOST_VALUE_BYTES } from './bulkData.ts';
import { valueOfBytes } from './bulkValue.ts';
import { multipartEnd, partHead } from './multipart.ts';
import { dicomWebSource } from './source.ts';

const SERIES = '/dicom-web/studies/1.2/series/1.2.3';
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** An archive with these headers, which answers everything else as told. */
async function archive(
  headers: (origin: string) => readonly DicomDataset[],
  answer: (path: string, response: ServerResponse, times: number) => void,
) {
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    running += 1;
    most = Math.max(most, running);
    response.once('close', () => {
      running -= 1;
    });
    if (path.endsWith('/metadata')) {
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end(JSON.stringify(headers(origin)));
    } else setTimeout(() => answer(path, response, asked.filter((one) => one === path).length), 5);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const source = dicomWebSource('test', 'Test', `${origin}/dicom-web`, {
    backoff: { attempts: 3, firstDelayMs: 2, timeoutMs: 5000 },
  });
  return { open: () => source.seriesHeaders('1.2', '1.2.3'), asked, most: () => most };
}

const header = (index: number, change: DicomDataset): DicomDataset => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
  '00080018': { vr: 'UI', Value: [`1.2.3.${index}`] },
  '0020000D': { vr: 'UI', Value: ['1.2'] },
  '0020000E': { vr: 'UI', Value: ['1.2.3'] },
  '00200032': { vr: 'DS', Value: [0, 0, index] },
  '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] },
  '00280010': { vr: 'US', Value: [8] },
  '00280011': { vr: 'US', Value: [8] },
  '00280030': { vr: 'DS', Value: [1, 1] },
  '00281052': { vr: 'DS', Value: [-1024] },
  '00281053': { vr: 'DS', Value: [1] },
  ...change,
});
const aside = (vr: string, BulkDataURI: string) => ({ vr, BulkDataURI });
const octets = (response: ServerResponse, body: string | Uint8Array): void =>
  void response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(body);

describe('values that an archive keeps beside its headers', () => {
  it('are fetched where they are read, as one part or several, by relative address, once for all, and again after a 503', async () => {
    const { open, asked, most } = await archive(
      (origin) =>
        Array.from({ length: 12 }, (_, index) =>
          header(index, {
            '00280030': aside('DS', '../../bulk/spacing'),
            '00281052': aside('DS', `${origin}${SERIES}/instances/1.2.3.${index}/bulk/intercept`),
            '00091001': aside('OB', `${origin}${SERIES}/private`),
            '7FE00010': aside('OW', `${origin}${SERIES}/pixels`),
          }),
        ),
      (path, response, times) => {
        if (path.endsWith('spacing')) {
          if (times === 1) return void response.writeHead(503).end();
          const body = Buffer.concat([partHead('cut', {}), Buffer.from('0.5\\0.75 '), multipartEnd('cut')]);
          response
            .writeHead(200, { 'Content-Type': 'multipart/related; type="application/octet-stream"; boundary=cut' })
            .end(body);
        } else octets(response, '-1000 ');
      },
    );
    const headers = await open();
    const series = headers.ok ? imageSeriesOf(headers.value) : headers;
    if (!series.ok) throw new Error(series.error.message);
    expect(series.value.stack.planes.map(({ rowSpacing, columnSpacing }) => [rowSpacing, columnSpacing])).toEqual(
      new Array(12).fill([0.5, 0.75]),
    );
    expect(series.value.frames.map(({ lut }) => lut.intercept)).toEqual(new Array(12).fill(-1000));
    expect(asked.filter((path) => path.endsWith('spacing'))).toHaveLength(2);
    expect(asked.filter((path) => path.endsWith('intercept'))).toHaveLength(12);
    expect(asked.filter((path) => /private|pixels/.test(path))).toEqual([]);
    expect(most()).toBeLessThanOrEqual(4);
  });

  it('are found inside sequences, and a whole sequence too', async () => {
    const position = { '00200032': aside('DS', `${SERIES}/position`) };
    const { open } = await archive(
      () => [
        header(0, {
          '52009230': { vr: 'SQ', Value: [{ '00209113': { vr: 'SQ', Value: [position] } }] },
          '52009229': aside('SQ', `${SERIES}/shared`),
        }),
      ],
      (path, response) =>
        octets(
          response,
          path.endsWith('shared')
            ? JSON.stringify([{ '00289110': { vr: 'SQ', Value: [{ '00280030': { vr: 'DS', Value: [2, 2] } }] } }])
            : '1\\2\\3',
        ),
    );
    const headers = await open();
    if (!headers.ok) throw new Error(headers.error.message);
    const series = imageSeriesOf(headers.value);
    expect(series.ok && series.value.stack.planes[0]?.rowSpacing).toBe(2);
    const [group] = items(headers.value[0] ?? {}, Tag.PerFrameFunctionalGroupsSequence);
    const [plane] = items(group ?? {}, Tag.PlanePositionSequence);
    expect(numbers(plane ?? {}, Tag.ImagePositionPatient)).toEqual([1, 2, 3]);
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['archive-not-found', `${SERIES}/slope`, (response) => void response.writeHead(404).end()],
    [
      'archive-answer',
      `${SERIES}/slope`,
      (response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<form>'),
    ],
    ['archive-too-long', `${SERIES}/slope`, (response) => octets(response, new Uint8Array(MOST_VALUE_BYTES + 1))],
    ['bulk-data-elsewhere', 'http://elsewhere.invalid/slope', (response) => octets(response, '1')],
    ['bulk-data-elsewhere', '/other/slope', (response) => octets(response, '1')],
    ['bulk-data-elsewhere', 'file:///dicom-web/slope', (response) => octets(response, '1')],
  ])('are not done without: %s for %s', async (code, uri, answer) => {
    const { open, asked } = await archive(
      () => [header(0, { '00281053': aside('DS', uri) })],
      (_, response) => answer(response),
    );
    expect(await open()).toMatchObject({ ok: false, error: { code } });
    if (code === 'bulk-data-elsewhere') expect(asked).toEqual([`${SERIES}/metadata`]);
    else expect(asked).toHaveLength(2);
  });
});

describe('the address of a value', () => {
  const place = { root: 'https://here/pacs', metadataUrl: 'https://here/pacs/studies/1.2/series/3/metadata' };

  it('stays below the root, whatever name the archive has for itself', () => {
    const at = (uri: string) => bulkDataAddress(uri, place, '1.2');
    expect(at('bulk/1?x=2')).toBe('https://here/pacs/studies/1.2/series/3/bulk/1?x=2');
    expect(at('http://10.0.0.5:8042/dicom-web/studies/1.2/series/3/bulk/7')).toBe(
      'https://here/pacs/studies/1.2/series/3/bulk/7',
    );
    expect(at('http://10.0.0.5/dicom-web/studies/9.9/bulk/7')).toBeUndefined();
    expect(at('https://here/pacs/../inference/x')).toBeUndefined();
    expect(at('https://here/pacs/%2e%2e/%2e%2e/x')).toBeUndefined();
    expect(at('https://here.evil/pacs/x')).toBeUndefined();
    expect(at('https://here/pacs-other/x')).toBeUndefined();
    expect(at('javascript:alert(1)')).toBeUndefined();
    expect(at('http://[')).toBeUndefined();
  });
});

describe('bytes of a value', () => {
  it('are numbers, words or names as the representation says, or nothing', () => {
    expect(valueOfBytes('US', Uint8Array.of(1, 0, 0, 1))?.Value).toEqual([1, 256]);
    expect(valueOfBytes('US', Uint8Array.of(1))).toBeUndefined();
    expect(valueOfBytes('FD', new Uint8Array(Float64Array.of(0.1, -2).buffer))?.Value).toEqual([0.1, -2]);
    expect(valueOfBytes('LT', new TextEncoder().encode('a\\b '))?.Value).toEqual(['a\\b']);
    const name = valueOfBytes('PN', Buffer.from('M\xfcller^A=x ', 'latin1'));
    expect(name && text({ '00100010': name }, '00100010')).toBe('Müller^A');
    expect(valueOfBytes('OB', Uint8Array.of(1))).toBeUndefined();
    expect(valueOfBytes('SQ', Uint8Array.of(1))).toBeUndefined();
  });
});
