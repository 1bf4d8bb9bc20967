import { describe, expect, it } from 'vitest';
import { type DicomDataset, items, number, numbers, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { seriesOf } from '../../../test/dicom/support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { maskOf, SMALL, smallHeaders, smallSeries, twoSegments } from '../../../test/dicom/support/smallSeries.ts';
import { syntheticSeries } from '../../../test/dicom/support/syntheticSeries.ts';
import { type BuildRequest, buildSegmentation } from './build.ts';
import { SegTag } from './tags.ts';

function built(request: BuildRequest): DicomDataset {
  const result = buildSegmentation(request);
  if (!result.ok) throw new Error(result.error.code);
  return result.value.dataset;
}

describe('what is written', () => {
  it('numbers the segments that have voxels from 1, and says which it left out', () => {
    const result = buildSegmentation(requestOf(smallSeries, twoSegments));
    if (!result.ok) throw new Error(result.error.code);
    expect([...result.value.segmentNumbers]).toEqual([
      [3, 1],
      [5, 2],
    ]);
    expect(result.value.dropped).toEqual([7]);
    expect(
      items(result.value.dataset, SegTag.SegmentSequence).map((item) => number(item, SegTag.SegmentNumber)),
    ).toEqual([1, 2]);
  });

  it('leaves empty frames out, and counts positions by rank among those that are left', () => {
    const frames = items(built(requestOf(smallSeries, twoSegments)), Tag.PerFrameFunctionalGroupsSequence);
    expect(
      frames.map((frame) => numbers(items(frame, Tag.FrameContentSequence)[0]!, SegTag.DimensionIndexValues)),
    ).toEqual([
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  it('gives each frame the position of its own source frame, whatever the order of the series', () => {
    const frames = items(built(requestOf(smallSeries, twoSegments)), Tag.PerFrameFunctionalGroupsSequence);
    const positions = frames.map((frame) => items(frame, Tag.PlanePositionSequence)[0]![Tag.ImagePositionPatient]);
    expect(positions).toEqual([1, 4, 4].map((k) => smallSeries.frames[k]!.dataset[Tag.ImagePositionPatient]));
  });

  it('says that segments overlap only where two of them share a voxel', () => {
    expect(text(built(requestOf(smallSeries, twoSegments)), SegTag.SegmentsOverlap)).toBe('YES');
    const apart = labelmapOf(smallSeries, [
      [testSegment(1), new Map([[1, maskOf(0)]])],
      [testSegment(2), new Map([[1, maskOf(1)]])],
    ]);
    expect(text(built(requestOf(smallSeries, apart)), SegTag.SegmentsOverlap)).toBe('NO');
  });

  it('lists the images it was drawn on, each once', () => {
    const [referenced] = items(built(requestOf(smallSeries, twoSegments)), SegTag.ReferencedSeriesSequence);
    const uids = items(referenced!, SegTag.ReferencedInstanceSequence).map((item) =>
      text(item, SegTag.ReferencedSOPInstanceUID),
    );
    expect(uids).toEqual([1, 4].map((k) => smallSeries.frames[k]!.sopInstanceUID));
  });

  it('refers to frame numbers only in a multi-frame source, and to its instance once', () => {
    const multi = seriesOf(syntheticSeries({ ...SMALL, source: 'Enhanced MR' }));
    const dataset = built(
      requestOf(
        multi,
        labelmapOf(multi, [
          [
            testSegment(1),
            new Map([
              [0, maskOf(1)],
              [3, maskOf(2)],
            ]),
          ],
        ]),
      ),
    );
    const sources = items(dataset, Tag.PerFrameFunctionalGroupsSequence).map(
      (frame) => items(items(frame, SegTag.DerivationImageSequence)[0]!, SegTag.SourceImageSequence)[0]!,
    );
    // The frames of the source run from the highest slice to the lowest.
    expect(sources.map((source) => number(source, SegTag.ReferencedFrameNumber))).toEqual([6, 3]);
    expect(items(items(dataset, SegTag.ReferencedSeriesSequence)[0]!, SegTag.ReferencedInstanceSequence)).toHaveLength(
      1,
    );
    const single = items(built(requestOf(smallSeries, twoSegments)), Tag.PerFrameFunctionalGroupsSequence)[0]!;
    expect(JSON.stringify(single)).not.toContain(SegTag.ReferencedFrameNumber);
  });

  it('does not take the thickness for the distance between slices, and states no distance where it varies', () => {
    const measures = (dataset: DicomDataset) =>
      items(items(dataset, Tag.SharedFunctionalGroupsSequence)[0]!, Tag.PixelMeasuresSequence)[0]!;
    const even = measures(built(requestOf(smallSeries, twoSegments)));
    expect([number(even, Tag.SliceThickness), number(even, Tag.SpacingBetweenSlices)]).toEqual([1.25, 2.5]);
    const uneven = seriesOf(syntheticSeries({ ...SMALL, geometry: 'variable-spacing' }));
    const dataset = built(requestOf(uneven, labelmapOf(uneven, [[testSegment(1), new Map([[1, maskOf(1)]])]])));
    expect(number(measures(dataset), Tag.SpacingBetweenSlices)).toBeUndefined();
    expect(dataset[SegTag.DimensionOrganizationType]).toBeUndefined();
  });

  it('calls one segment on neighbouring even slices a volume, and nothing else', () => {
    const type = (...slices: readonly number[]) =>
      text(
        built(
          requestOf(
            smallSeries,
            labelmapOf(smallSeries, [[testSegment(1), new Map(slices.map((k) => [k, maskOf(1)]))]]),
          ),
        ),
        SegTag.DimensionOrganizationType,
      );
    expect([type(2, 3, 4), type(2, 4), type(0)]).toEqual(['3D', undefined, '3D']);
    expect(text(built(requestOf(smallSeries, twoSegments)), SegTag.DimensionOrganizationType)).toBeUndefined();
  });

  it('names model, version and prompts, and hides nothing in free text', () => {
    const [item] = items(built(requestOf(smallSeries, twoSegments)), SegTag.SegmentSequence);
    const algorithm = items(item!, SegTag.SegmentationAlgorithmIdentificationSequence)[0]!;
    expect(text(item!, SegTag.SegmentAlgorithmType)).toBe('SEMIAUTOMATIC');
    expect([text(algorithm, SegTag.AlgorithmName), text(algorithm, SegTag.AlgorithmVersion)]).toEqual([
      'LiteMedSAM',
      '1.0 sha256:0123456789abcdef',
    ]);
  });

  it('keeps a version that is too long for its attribute whole in the parameters', () => {
    const version = `2.1 sha256:${'ab'.repeat(32)}`;
    const segment = testSegment(1, { algorithm: { type: 'AUTOMATIC', name: 'M', version, parameters: 'fp16' } });
    const [item] = items(
      built(requestOf(smallSeries, labelmapOf(smallSeries, [[segment, new Map([[0, maskOf(0)]])]]))),
      SegTag.SegmentSequence,
    );
    const algorithm = items(item!, SegTag.SegmentationAlgorithmIdentificationSequence)[0]!;
    expect(text(algorithm, SegTag.AlgorithmVersion)).toHaveLength(64);
    expect(text(algorithm, SegTag.AlgorithmParameters)).toBe(`version: ${version}; fp16`);
  });

  it('carries the lossy history of a source over', () => {
    const lossy = seriesOf(syntheticSeries({ ...SMALL, source: 'lossy' }));
    const dataset = built(requestOf(lossy, labelmapOf(lossy, [[testSegment(1), new Map([[0, maskOf(0)]])]])));
    expect([Tag.LossyImageCompression, '00282112', '00282114'].map((tag) => text(dataset, tag))).toEqual([
      '01',
      '12.5',
      'ISO_10918_1',
    ]);
  });

  it('lists the scanner and this program as equipment', () => {
    const equipment = items(built(requestOf(smallSeries, twoSegments)), SegTag.ContributingEquipmentSequence);
    expect(equipment.map((item) => text(item, Tag.Manufacturer))).toEqual(['Synthetic Scanners', 'VoxPrompt']);
  });

  it('leaves nothing of the pixel description of a signed, rescaled source in the object', () => {
    const dataset = built(requestOf(smallSeries, twoSegments));
    expect(
      [Tag.BitsAllocated, Tag.BitsStored, SegTag.HighBit, Tag.PixelRepresentation].map((tag) => number(dataset, tag)),
    ).toEqual([1, 1, 0, 0]);
    expect([Tag.RescaleSlope, Tag.WindowCenter, SegTag.SourceImageSequence].map((tag) => dataset[tag])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what is refused', () => {
  const code = (request: BuildRequest): string => {
    const result = buildSegmentation(request);
    return result.ok ? 'ok' : result.error.code;
  };

  it('an empty segmentation', () => {
    expect(
      code(requestOf(smallSeries, labelmapOf(smallSeries, [[testSegment(1), new Map([[0, new Uint8Array(35)]])]]))),
    ).toBe('nothing-to-save');
  });

  it('a labelmap of another size', () => {
    expect(code(requestOf(smallSeries, { ...twoSegments, size: { ...twoSegments.size, columns: 5, rows: 7 } }))).toBe(
      'grid-mismatch',
    );
  });

  it('slices that share a position', () => {
    const twice = smallHeaders.map((header, index) =>
      index === 1 ? { ...header, [Tag.ImagePositionPatient]: smallHeaders[0]![Tag.ImagePositionPatient]! } : header,
    );
    const doubled = seriesOf(twice);
    expect(code(requestOf(doubled, labelmapOf(doubled, [[testSegment(1), new Map([[0, maskOf(0)]])]])))).toBe(
      'ambiguous-slices',
    );
  });

  it('a single slice that does not say how thick it is', () => {
    const { [Tag.SliceThickness]: _, ...thin } = smallHeaders[0]!;
    const alone = seriesOf([thin]);
    expect(code(requestOf(alone, labelmapOf(alone, [[testSegment(1), new Map([[0, maskOf(0)]])]])))).toBe(
      'no-slice-thickness',
    );
  });

  it('overlapping segments in a label map', () => {
    expect(code(requestOf(smallSeries, twoSegments, { kind: 'LABELMAP' }))).toBe('segments-overlap');
  });
});
