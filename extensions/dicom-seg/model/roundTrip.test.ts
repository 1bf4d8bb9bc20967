import { describe, expect, it } from 'vitest';
import { type DicomDataset, items, number, text, texts } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { countedUids, labelmapOf, requestOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { maskOf, smallSeries, twoSegments } from '../../../test/dicom/support/smallSeries.ts';
import { decodeSegmentation } from '../decode.ts';
import { encodeSegmentation } from '../encode.ts';
import { VOXPROMPT } from '../software.ts';
import { sameContent, verifyEncoded } from '../verify.ts';
import { buildSegmentation } from './build.ts';
import { SegTag } from './tags.ts';

describe('a label map', () => {
  const apart = labelmapOf(smallSeries, [
    [
      testSegment(3),
      new Map([
        [1, maskOf(0)],
        [3, maskOf(9)],
      ]),
    ],
    [testSegment(8), new Map([[1, maskOf(1)]])],
  ]);

  it('describes its background, pads with it, and reads back voxel for voxel', () => {
    const encoded = encodeSegmentation(requestOf(smallSeries, apart, { kind: 'LABELMAP' }));
    if (!encoded.ok) throw new Error(encoded.error.code);
    const [background] = items(encoded.value.dataset, SegTag.SegmentSequence);
    expect([number(background!, SegTag.SegmentNumber), text(background!, SegTag.SegmentLabel)]).toEqual([
      0,
      'Background',
    ]);
    expect(number(encoded.value.dataset, SegTag.PixelPaddingValue)).toBe(0);
    expect(number(encoded.value.dataset, Tag.NumberOfFrames)).toBe(2);
    expect(verifyEncoded(encoded.value.bytes, smallSeries, apart).ok).toBe(true);
  });
});

describe('a revision', () => {
  const first = encodeSegmentation(requestOf(smallSeries, twoSegments));
  if (!first.ok) throw new Error(first.error.code);
  const predecessor = first.value.dataset;
  const next = {
    content: { ...requestOf(smallSeries, twoSegments).content, seriesNumber: 999, seriesDescription: 'Other' },
    predecessor,
  };

  it('is a new instance of the same smallSeries, and names the one before', () => {
    const request = requestOf(smallSeries, twoSegments, next);
    const result = encodeSegmentation({ ...request, uids: countedUids(9) });
    if (!result.ok) throw new Error(result.error.code);
    const { dataset } = result.value;
    expect(result.value.seriesInstanceUID).toBe(first.value.seriesInstanceUID);
    expect(result.value.sopInstanceUID).not.toBe(first.value.sopInstanceUID);
    expect([number(dataset, Tag.InstanceNumber), number(dataset, Tag.SeriesNumber)]).toEqual([2, 300]);
    expect(texts(dataset, Tag.SeriesDescription)).toEqual(texts(predecessor, Tag.SeriesDescription));
    expect(JSON.stringify(dataset[SegTag.PredecessorDocumentsSequence])).toContain(first.value.sopInstanceUID);
    const tracking = (of: DicomDataset) =>
      items(of, SegTag.SegmentSequence).map((item) => text(item, SegTag.TrackingUID));
    expect(tracking(dataset)).toEqual(tracking(predecessor));
  });

  it('of another program opens a series of its own', () => {
    const other = { ...VOXPROMPT, versions: ['0.2.0'] };
    const result = buildSegmentation(
      requestOf(smallSeries, twoSegments, { ...next, software: other, uids: () => '1.2.3.4' }),
    );
    expect(result.ok && result.value.seriesInstanceUID).toBe('1.2.3.4');
  });
});

describe('content read back from an archive', () => {
  const sent = encodeSegmentation(requestOf(smallSeries, twoSegments));
  if (!sent.ok) throw new Error(sent.error.code);
  const { bytes } = sent.value;

  it('is the same as itself', () => {
    expect(sameContent(bytes, Uint8Array.from(bytes)).ok).toBe(true);
  });

  it('differs by one voxel', () => {
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 14]! ^= 1;
    expect(sameContent(bytes, changed)).toMatchObject({ ok: false, error: { code: 'stored-content-differs' } });
  });

  it('differs by one segment label', () => {
    const renamed = encodeSegmentation(
      requestOf(smallSeries, {
        ...twoSegments,
        segments: twoSegments.segments.map((segment) => ({ ...segment, label: 'Other' })),
      }),
    );
    if (!renamed.ok) throw new Error(renamed.error.code);
    expect(sameContent(bytes, renamed.value.bytes)).toMatchObject({
      error: { context: { attribute: '00620002[0].00620005' } },
    });
  });
});

it('gives a segment back with all that was said of it', () => {
  const segment = testSegment(1, {
    laterality: { value: '7771000', scheme: 'SCT', meaning: 'Left' },
    description: 'in segment IV',
  });
  const encoded = encodeSegmentation(
    requestOf(smallSeries, labelmapOf(smallSeries, [[segment, new Map([[2, maskOf(17)]])]])),
  );
  if (!encoded.ok) throw new Error(encoded.error.code);
  const decoded = decodeSegmentation(encoded.value.bytes);
  expect(decoded.ok && decoded.value.segments).toEqual([
    { ...segment, algorithm: { ...segment.algorithm, source: 'VoxPrompt' } },
  ]);
});
