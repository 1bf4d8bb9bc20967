import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { BULK_DATA_TYPES, bodyOf, bulkDataAddress } from '../../extensions/dicomweb/bulkData.ts';
import { multipartEnd, newBoundary, parseMultipart, partHead } from '../../extensions/dicomweb/multipart.ts';
import { read } from '../../extensions/dicomweb/request.ts';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';
import { parsePart10, storedPixels } from '../../extensions/local-files/node.ts';
import { startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { orthancMissing, startOrthanc } from '../support/orthanc.ts';
import { freshUid, tinyCt } from '../support/tinyCt.ts';

interface Running {
  readonly root: string;
  stop(): Promise<void>;
}
const archives: readonly (readonly [name: string, missing: string | undefined, start: () => Promise<Running>])[] = [
  ['the embedded archive', undefined, () => startEmbeddedArchive()],
  ['Orthanc', orthancMissing, () => startOrthanc()],
];

/** What the viewer may expect of any archive; run on ours and on one that others use. */
describe.each(archives)('%s', (name, missing, start) => {
  describe.skipIf(missing !== undefined)(
    missing === undefined ? 'as a DICOMweb archive' : `(skipped: ${missing})`,
    () => {
      let running: Running;
      const [study, series] = [freshUid(), freshUid()];
      const instances = [freshUid(), freshUid()];
      const files = instances.map((instance, index) =>
        tinyCt({ study, series, instance, instanceNumber: index + 1, value: 40 + index }),
      );
      const source = () =>
        dicomWebSource('test', name, running.root, { backoff: { attempts: 2, firstDelayMs: 10, timeoutMs: 20_000 } });

      beforeAll(async () => {
        running = await start();
      }, 90_000);
      afterAll(() => running?.stop());

      it('stores objects and says so for each', async () => {
        for (const file of files) expect(await source().store(file, study)).toEqual({ kind: 'stored', warnings: [] });
      });

      it('finds the study by part of the name in any case, by ID, date and modality, and nothing by others', async () => {
        const find = async (query: { text?: string; modality?: string; dateRange?: string }) => {
          const found = await source().searchStudies({ offset: 0, limit: 10, ...query });
          if (!found.ok) throw new Error(found.error.message);
          return found.value.map((it) => text(it, Tag.StudyInstanceUID));
        };
        expect(await find({})).toEqual([study]);
        expect(await find({ text: 'tiny' })).toEqual([study]);
        expect(await find({ text: 'NY-1' })).toEqual([study]);
        expect(await find({ modality: 'CT', dateRange: '20260701-20260731' })).toEqual([study]);
        expect(await find({ text: 'nobody' })).toEqual([]);
        expect(await find({ modality: 'MR' })).toEqual([]);
        expect(await find({ dateRange: '20270101-' })).toEqual([]);
      });

      it('lists series with their counts, and headers with numbers and names as they were', async () => {
        const listed = await source().listSeries(study);
        expect(
          listed.ok &&
            listed.value.map((it) => [text(it, Tag.SeriesInstanceUID), number(it, Tag.NumberOfSeriesRelatedInstances)]),
        ).toEqual([[series, 2]]);
        const headers = await source().seriesHeaders(study, series);
        if (!headers.ok) throw new Error(headers.error.message);
        expect(headers.value.map((it) => text(it, Tag.SOPInstanceUID)).sort()).toEqual([...instances].sort());
        expect(headers.value.map((it) => [text(it, Tag.PatientName), number(it, Tag.RescaleIntercept)])).toEqual([
          ['Tiny^Täst', -1024],
          ['Tiny^Täst', -1024],
        ]);
      });

      it('gives an address for a long private value, under which it lies; opening the series does not fetch it', async () => {
        const secret = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 256);
        const [other, instance] = [freshUid(), freshUid()];
        const file = tinyCt({ study, series: other, instance, secret });
        expect((await source().store(file, study)).kind).toBe('stored');
        const spy = vi.spyOn(globalThis, 'fetch');
        const headers = await source().seriesHeaders(study, other);
        expect(spy.mock.calls.map(([address]) => String(address))).toEqual([expect.stringMatching(/\/metadata$/)]);
        spy.mockRestore();
        const element = headers.ok ? headers.value[0]?.['00091001'] : undefined;
        const metadataUrl = `${running.root}/studies/${study}/series/${other}/metadata`;
        const address = bulkDataAddress(element?.BulkDataURI ?? '', { root: running.root, metadataUrl }, study);
        const answer = await read(address ?? '', BULK_DATA_TYPES);
        const body = answer.ok ? bodyOf(answer.value) : answer;
        expect(body.ok && Buffer.compare(body.value, secret)).toBe(0);
      });

      it('gives an instance back byte for byte in its data set', async () => {
        const bytes = await source().retrieve(study, series, instances[1]!);
        const parsed = bytes.ok ? parsePart10(bytes.value, { name: 'answer' }) : bytes;
        const pixels = parsed.ok ? storedPixels(parsed.value, 0) : parsed;
        expect(pixels.ok && [...pixels.value.values]).toEqual(new Array(64).fill(41));
      });

      it('sends a frame with the transfer syntax it is in', async () => {
        const location = source().pixels(
          {
            '0020000D': { vr: 'UI', Value: [study] },
            '0020000E': { vr: 'UI', Value: [series] },
            '00080018': { vr: 'UI', Value: [instances[0]] },
          },
          1,
        );
        if (location.kind !== 'wado-rs') throw new Error('not WADO-RS');
        const answer = await fetch(location.frameUrl, {
          headers: { Accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' },
        });
        const parts = parseMultipart(
          new Uint8Array(await answer.arrayBuffer()),
          answer.headers.get('content-type') ?? '',
        );
        if (!parts.ok) throw new Error(parts.error.message);
        expect(parts.value[0]?.headers['content-type']).toContain('1.2.840.10008.1.2.1');
        expect([...new Uint16Array(parts.value[0]!.body.slice().buffer)]).toEqual(new Array(64).fill(40));
      });

      it('says that it has no such instance', async () => {
        expect(await source().retrieve(study, series, '1.2.3')).toMatchObject({
          ok: false,
          error: { code: 'archive-not-found' },
        });
      });

      it('takes the same object twice, and keeps the first of two that share a UID', async () => {
        expect((await source().store(files[0]!, study)).kind).toBe('stored');
        const changed = tinyCt({ study, series, instance: instances[0]!, value: 99 });
        const outcome = await source().store(changed, study);
        // Orthanc says 200 and keeps the old one: why what was stored is always read back.
        expect(outcome.kind).toBe(name === 'Orthanc' ? 'stored' : 'refused');
        const kept = await source().retrieve(study, series, instances[0]!);
        const parsed = kept.ok ? parsePart10(kept.value, { name: 'answer' }) : kept;
        const pixels = parsed.ok ? storedPixels(parsed.value, 0) : parsed;
        expect(pixels.ok && pixels.value.values[0]).toBe(40);
      });

      it('refuses an object of another study than the address says', async () => {
        const stray = tinyCt({ study: freshUid(), series: freshUid(), instance: freshUid() });
        expect(await source().store(stray, study)).toMatchObject({ kind: 'refused', error: { code: 'store-refused' } });
      });

      it('answers for the good part of a request that also holds rubbish', async () => {
        const instance = freshUid();
        const boundary = newBoundary();
        const type = { 'Content-Type': 'application/dicom' };
        const good = tinyCt({ study, series, instance, instanceNumber: 3 });
        const rubbish = new TextEncoder().encode('no DICOM');
        const body = Buffer.concat([
          partHead(boundary, type),
          good,
          partHead(boundary, type),
          rubbish,
          multipartEnd(boundary),
        ]);
        const answer = await fetch(`${running.root}/studies`, {
          method: 'POST',
          headers: {
            'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
            Accept: 'application/dicom+json',
          },
          body,
        });
        expect([200, 202, 400]).toContain(answer.status);
        expect(JSON.stringify(await answer.json())).toContain(instance);
        expect((await source().retrieve(study, series, instance)).ok).toBe(true);
      });
    },
  );
});
