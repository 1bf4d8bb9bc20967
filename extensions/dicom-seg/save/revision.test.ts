import { describe, expect, it } from 'vitest';
import { type DicomDataset, items, number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { EncodedSegmentation, Host, StudySource } from '#extension-api';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';
import { seriesOf } from '../../../test/dicom/support/readSeries.ts';
import { labelmapOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { syntheticSeries } from '../../../test/dicom/support/syntheticSeries.ts';
import { segmentationFormat } from '../index.ts';
import { element, sequence } from '../model/element.ts';
import { SegTag } from '../model/tags.ts';
import { formatRequest, numbered, saveRequest } from './saveRequest.ts';
import type { SaveForm } from './saveState.ts';

const shape = {
  columns: 7,
  rows: 5,
  slices: 4,
  geometry: 'axial',
  source: 'CT',
  order: 'ascending',
  decimals: 'numbers',
  patient: 'plain',
  serial: 31,
} as const;
const series = seriesOf(syntheticSeries(shape));
const mask = (...set: readonly number[]) => Uint8Array.from({ length: 35 }, (_, p) => Number(set.includes(p)));
const labelmap = labelmapOf(series, [
  [testSegment(1), new Map([[1, mask(3, 4)]])],
  [testSegment(2), new Map([[1, mask(9)]])],
]);
const FORM: SaveForm = {
  targetId: 'archive',
  seriesDescription: 'Follow-up',
  seriesNumber: 500,
  kind: 'BINARY',
  as: 'revision',
};
const signal = new AbortController().signal;

/** An archive whose series holds instances of these numbers. */
function hostWith(origin: DicomDataset | undefined, what: Labelmap, stored: readonly number[] | 'unreachable'): Host {
  const port = createLabelmapPort(() => {});
  if (origin === undefined) port.replace(what);
  else port.replace(what, origin);
  const source = {
    id: 'archive',
    canStore: true,
    seriesHeaders: async () =>
      stored === 'unreachable'
        ? err(appError('archive-unreachable', 'The archive does not answer.'))
        : ok(stored.map((value) => ({ [Tag.InstanceNumber]: element('IS', value) }))),
  } as unknown as StudySource;
  return {
    viewer: { openSeries: { getState: () => ({ series, source }) } },
    labelmap: port,
    sources: [source],
  } as unknown as Host;
}

async function written(
  origin: DicomDataset | undefined,
  form: Partial<SaveForm> = {},
  stored: readonly number[] | 'unreachable' = [],
  what = labelmap,
): Promise<Result<EncodedSegmentation>> {
  const request = saveRequest(hostWith(origin, what, stored), { ...FORM, ...form });
  if (!request.ok) return request;
  return segmentationFormat.encode(formatRequest(await numbered(request.value, signal), { ...FORM, ...form }));
}

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};

const predecessorOf = (header: DicomDataset): string | undefined => {
  const [study] = items(header, SegTag.PredecessorDocumentsSequence);
  const [inSeries] = items(study ?? {}, SegTag.ReferencedSeriesSequence);
  const [instance] = items(inSeries ?? {}, SegTag.ReferencedSOPSequence);
  return text(instance ?? {}, SegTag.ReferencedSOPInstanceUID);
};
const trackingOf = (header: DicomDataset) =>
  items(header, SegTag.SegmentSequence).map((item) => text(item, SegTag.TrackingUID));

describe('saving what was loaded', () => {
  it('as a revision joins its series under the next number, names it, and keeps the tracking UIDs', async () => {
    const first = must(await written(undefined));
    const second = must(await written(first.header));
    expect(second.seriesInstanceUID).toBe(first.seriesInstanceUID);
    expect(second.sopInstanceUID).not.toBe(first.sopInstanceUID);
    expect(number(second.header, Tag.InstanceNumber)).toBe(2);
    expect(text(second.header, Tag.SeriesNumber)).toBe(text(first.header, Tag.SeriesNumber));
    expect(predecessorOf(second.header)).toBe(first.sopInstanceUID);
    expect(trackingOf(second.header)).toEqual(trackingOf(first.header));
  });

  it('counts on from the last instance that the archive has of the series', async () => {
    const first = must(await written(undefined));
    const later = must(await written(first.header, {}, [1, 2, 7]));
    expect(number(later.header, Tag.InstanceNumber)).toBe(8);
    const blind = must(await written(first.header, {}, 'unreachable'));
    expect(number(blind.header, Tag.InstanceNumber)).toBe(2);
  });

  it('of another version opens a new series, and still names it', async () => {
    const first = must(await written(undefined));
    const older = { ...first.header, [SegTag.SoftwareVersions]: element('LO', '0.0.1') };
    const second = must(await written(older, {}, [1, 2, 7]));
    expect(second.seriesInstanceUID).not.toBe(first.seriesInstanceUID);
    expect(number(second.header, Tag.InstanceNumber)).toBe(1);
    expect(number(second.header, Tag.SeriesNumber)).toBe(500);
    expect(predecessorOf(second.header)).toBe(first.sopInstanceUID);
  });

  it('on other images opens a new series', async () => {
    const first = must(await written(undefined));
    const [referenced] = items(first.header, SegTag.ReferencedSeriesSequence);
    const elsewhere = {
      ...first.header,
      [SegTag.ReferencedSeriesSequence]: sequence({
        ...referenced,
        [Tag.SeriesInstanceUID]: element('UI', '1.2.3'),
      }),
    };
    expect(must(await written(elsewhere)).seriesInstanceUID).not.toBe(first.seriesInstanceUID);
  });

  it('as a new series is an object of its own', async () => {
    const first = must(await written(undefined));
    const other = must(await written(first.header, { as: 'new-series' }));
    expect(other.seriesInstanceUID).not.toBe(first.seriesInstanceUID);
    expect(predecessorOf(other.header)).toBeUndefined();
  });
});

describe('saving as a label map', () => {
  it('reads back voxel for voxel, under the label map class', async () => {
    const map = must(await written(undefined, { kind: 'LABELMAP' }));
    expect(text(map.header, Tag.SOPClassUID)).toBe('1.2.840.10008.5.1.4.1.1.66.7');
    expect(segmentationFormat.verify(map.bytes, series, labelmap)).toMatchObject({ ok: true });
    const other = labelmapOf(series, [[testSegment(1), new Map([[1, mask(3)]])]]);
    expect(segmentationFormat.verify(map.bytes, series, other)).toMatchObject({ error: { code: 'voxels-differ' } });
    expect(segmentationFormat.sameContent(map.bytes, map.bytes.slice())).toMatchObject({ ok: true });
  });

  it('is refused with the reason where segments overlap; binary is not', async () => {
    const overlapping = labelmapOf(series, [
      [testSegment(1), new Map([[1, mask(3, 4)]])],
      [testSegment(2), new Map([[1, mask(4)]])],
    ]);
    const refused = await written(undefined, { kind: 'LABELMAP' }, [], overlapping);
    expect(refused).toMatchObject({ ok: false, error: { code: 'segments-overlap' } });
    expect(!refused.ok && refused.error.remedy).toContain('binary');
    expect((await written(undefined, {}, [], overlapping)).ok).toBe(true);
  });
});

it('makes what was just stored the object that the next save revises', () => {
  const port = createLabelmapPort(() => {});
  port.replace(labelmap);
  expect(port.state.getState().origin).toBeUndefined();
  port.markSaved(port.state.getState().journal, { [Tag.SOPInstanceUID]: element('UI', '1.2') });
  expect(text(port.state.getState().origin ?? {}, Tag.SOPInstanceUID)).toBe('1.2');
  port.replace(labelmap);
  expect(port.state.getState().origin).toBeUndefined();
});
