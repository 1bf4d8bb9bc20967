import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { archive, json, STUDIES, sourceAt } from '../../test/support/answeringArchive.ts';
import { freshUid, tinyCt } from '../../test/support/tinyCt.ts';
import { wildcarded } from './query.ts';
import { delayOf } from './request.ts';

const pageOf = (url: URL, most = Number.POSITIVE_INFINITY) => {
  const offset = Number(url.searchParams.get('offset'));
  return STUDIES.slice(offset, offset + Math.min(most, Number(url.searchParams.get('limit'))));
};
const uids = (found: Awaited<ReturnType<ReturnType<typeof sourceAt>['searchStudies']>>) =>
  found.ok ? found.value.map((study) => study['0020000D']?.Value?.[0]) : found.error.code;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `1.2.${from + index}`);

describe('searching page by page', () => {
  it.each<[string, (url: URL, response: ServerResponse) => void]>([
    ['keeps to limit and offset', (url, response) => json(response, pageOf(url))],
    ['ignores both', (_, response) => json(response, STUDIES)],
    ['ignores the limit', (url, response) => json(response, STUDIES.slice(Number(url.searchParams.get('offset'))))],
    [
      'sends fewer at a time, and says that there are more',
      (url, response) =>
        json(response, pageOf(url, 8), {
          Warning: '299 archive: There are 44 additional results that can be requested',
        }),
    ],
  ])('gives each study once, where the archive %s', async (_, answer) => {
    const { root } = await archive((__, url, response) => answer(url, response));
    const source = sourceAt(root);
    expect(uids(await source.searchStudies({ offset: 0, limit: 30 }))).toEqual(range(0, 30));
    expect(uids(await source.searchStudies({ offset: 30, limit: 30 }))).toEqual(range(30, 60));
    expect(uids(await source.searchStudies({ offset: 60, limit: 30 }))).toEqual(range(60, 70));
  });

  it('looks for words anywhere in a name, and leaves the reader wildcards of their own', async () => {
    expect(wildcarded('Berger, Anna')).toBe('*Berger*Anna*');
    expect(wildcarded(' berg^a ')).toBe('*berg*a*');
    expect(wildcarded('P-10?7*')).toBe('*P-10?7*');
    const { root, asked } = await archive((_, __, response) => json(response, []));
    await sourceAt(root).searchStudies({ text: 'Größe & Co', offset: 0, limit: 10 });
    const literal = asked.filter(({ url }) => !url.searchParams.has('fuzzymatching'));
    expect(literal.map(({ url }) => url.searchParams.get('PatientName') ?? url.searchParams.get('PatientID'))).toEqual([
      '*Größe*&*Co*',
      '*Größe*&*Co*',
    ]);
  });
});

describe('names that are spelt in another way', () => {
  const fuzzy = (asked: readonly { url: URL }[]) => asked.filter(({ url }) => url.searchParams.has('fuzzymatching'));
  const search = { text: 'Maier, Ana', offset: 0, limit: 10 };

  it('are found beside the literal ones where the archive can; an ID or a wildcard is not asked for so', async () => {
    const { root, asked } = await archive((_, { searchParams }, response) =>
      json(response, searchParams.has('fuzzymatching') ? STUDIES.slice(3, 5) : STUDIES.slice(4, 5)),
    );
    const source = sourceAt(root);
    expect(uids(await source.searchStudies(search))).toEqual(['1.2.4', '1.2.3']);
    expect(fuzzy(asked).map(({ url }) => url.searchParams.get('PatientName'))).toEqual(['Maier Ana']);
    for (const text of ['PAT-17', 'Mai*', '4711']) await source.searchStudies({ ...search, text });
    await source.searchStudies({ offset: 0, limit: 10 });
    expect(fuzzy(asked)).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    [
      'warns that it compares letter by letter',
      (response) =>
        json(response, STUDIES.slice(0, 9), {
          Warning:
            '299 pacs: "The fuzzymatching parameter is not supported. Only literal matching has been performed."',
        }),
    ],
    ['refuses the parameter', (response) => void response.writeHead(400).end()],
    ['has not got so far', (response) => void response.writeHead(501).end()],
  ])('are asked for once, and searching goes on as before, where the archive %s', async (_, answer) => {
    const { root, asked } = await archive((__, { searchParams }, response) =>
      searchParams.has('fuzzymatching') ? answer(response) : json(response, STUDIES.slice(4, 5)),
    );
    const source = sourceAt(root);
    for (let times = 0; times < 3; times += 1) expect(uids(await source.searchStudies(search))).toEqual(['1.2.4']);
    expect(fuzzy(asked)).toHaveLength(1);
  });
});

describe('reading', () => {
  it('comes again when the archive says, in seconds or by date, and not before', async () => {
    const noon = Date.parse('2026-11-22T12:00:00Z');
    expect(delayOf('3', noon)).toBe(3000);
    expect(delayOf('Sun, 22 Nov 2026 12:00:07 GMT', noon)).toBe(7000);
    expect(delayOf('Sun, 22 Nov 2026 11:00:00 GMT', noon)).toBe(0);
    expect([delayOf(null, noon), delayOf('', noon), delayOf('soon', noon)]).toEqual([undefined, undefined, undefined]);
    let busy = true;
    const { root, asked } = await archive((_, __, response) => {
      if (!busy) return json(response, []);
      busy = false;
      response.writeHead(429, { 'Retry-After': '1' }).end();
    });
    const started = performance.now();
    expect((await sourceAt(root).listSeries('1.2.3')).ok).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(asked).toHaveLength(2);
  });

  it('tells the reader instead of waiting for hours', async () => {
    const { root, asked } = await archive(
      (_, __, response) => void response.writeHead(503, { 'Retry-After': '7200' }).end(),
    );
    expect(await sourceAt(root).listSeries('1.2.3')).toMatchObject({ error: { code: 'archive-failed' } });
    expect(asked).toHaveLength(1);
  });

  it('asks for a plainer media type where the archive does not know the first', async () => {
    const [study, series, instance] = [freshUid(), freshUid(), freshUid()];
    const file = tinyCt({ study, series, instance });
    const { root, asked } = await archive((request, _, response) => {
      if (request.headers.accept !== 'application/dicom') return void response.writeHead(406).end();
      response.writeHead(200, { 'Content-Type': 'application/dicom' }).end(file);
    });
    const got = await sourceAt(root).retrieve(study, series, instance);
    expect(got.ok && Buffer.from(got.value).equals(Buffer.from(file))).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('fetches a frame again after the connection broke, with the media type that archives know', async () => {
    let broken = true;
    const { root, asked } = await archive((request, _, response) => {
      if (broken) {
        broken = false;
        return void request.socket.destroy();
      }
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(Buffer.from([1, 2, 3]));
    });
    const uid = (value: string) => ({ vr: 'UI', Value: [value] });
    const header = { '0020000D': uid('1.2'), '0020000E': uid('1.2.3'), '00080018': uid('1.2.3.4') };
    const location = sourceAt(root).pixels(header, 7);
    if (location.kind !== 'wado-rs' || location.read === undefined) throw new Error('not to be read');
    const frame = await location.read({});
    expect(frame.ok && [...frame.value.bytes]).toEqual([1, 2, 3]);
    expect(asked[1]?.url.pathname).toBe('/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.4/frames/7');
    expect(asked[1]?.headers.accept).toContain('application/octet-stream');
  });

  it('orders a series of 2,000 images', async () => {
    const element = (vr: string, ...Value: unknown[]) => ({ vr, Value });
    const headers = Array.from({ length: 2000 }, (_, index) => ({
      '00080016': element('UI', '1.2.840.10008.5.1.4.1.1.2'),
      '00080018': element('UI', `1.2.3.${index}`),
      '00080060': element('CS', 'CT'),
      '0020000D': element('UI', '1.2'),
      '0020000E': element('UI', '1.2.3'),
      '00200032': element('DS', 0, 0, ((index * 7) % 2000) * 0.5),
      '00200037': element('DS', 1, 0, 0, 0, 1, 0),
      '00280010': element('US', 512),
      '00280011': element('US', 512),
      '00280030': element('DS', 0.7, 0.7),
    }));
    const { root } = await archive((_, __, response) => json(response, headers));
    const got = await sourceAt(root).seriesHeaders('1.2', '1.2.3');
    const series = got.ok ? imageSeriesOf(got.value) : got;
    expect(series.ok && series.value.frames).toHaveLength(2000);
    expect(series.ok && series.value.stack.use).toBe('volume');
  });
});
