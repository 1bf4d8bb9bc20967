import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { emptyLabelmap, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf, type Segment } from '#core/labelmap/segment.ts';
import { SEGMENT_MEANINGS } from '#core/terminology/segmentTypes.ts';
import type { BuildRequest } from '../../../extensions/dicom-seg/model/build.ts';
import { element } from '../../../extensions/dicom-seg/model/element.ts';
import { momentOf } from '../../../extensions/dicom-seg/model/moment.ts';
import { SegTag } from '../../../extensions/dicom-seg/model/tags.ts';
import { uidOfUuid } from '../../../extensions/dicom-seg/model/uid.ts';
import { VOXPROMPT } from '../../../extensions/dicom-seg/software.ts';

/** Identifiers that are the same in each run. */
export function countedUids(seed: number): () => string {
  let next = 0;
  return () => {
    next += 1;
    return uidOfUuid(`${seed.toString(16).padStart(8, '0')}-0000-4000-8000-${next.toString(16).padStart(12, '0')}`);
  };
}

export function testSegment(number: number, change: Partial<Segment> = {}): Segment {
  // The words under which a type is found belong to the list, not to a segment.
  const { words: _, ...meaning } = SEGMENT_MEANINGS[(number - 1) % SEGMENT_MEANINGS.length]!;
  return {
    number,
    label: `Lesion ${number}`,
    color: colorOf(number),
    ...meaning,
    algorithm: {
      type: 'SEMIAUTOMATIC',
      name: 'LiteMedSAM',
      version: '1.0 sha256:0123456789abcdef',
      parameters: '1 box, 24 slices, wasm',
    },
    trackingId: `Lesion ${number}`,
    trackingUid: uidOfUuid(`00000000-0000-4000-9000-${number.toString(16).padStart(12, '0')}`),
    visible: true,
    locked: false,
    ...change,
  };
}

export function labelmapOf(
  series: ImageSeries,
  segments: readonly (readonly [Segment, ReadonlyMap<number, SliceMask>])[],
): Labelmap {
  const plane = series.stack.planes[0]!;
  return {
    ...emptyLabelmap({ columns: plane.columns, rows: plane.rows, slices: series.frames.length }),
    segments: segments.map(([segment]) => segment),
    voxels: new Map(segments.map(([segment, slices]) => [segment.number, slices])),
  };
}

export const requestOf = (
  series: ImageSeries,
  labelmap: Labelmap,
  change: Partial<BuildRequest> = {},
): BuildRequest => ({
  series,
  labelmap,
  content: {
    seriesDescription: 'VoxPrompt segmentation',
    seriesNumber: 300,
    contentLabel: 'LESIONS',
    creatorName: 'Reader^One',
    moment: momentOf(new Date('2026-11-22T08:30:00Z'), 60),
  },
  software: VOXPROMPT,
  uids: countedUids(1),
  ...change,
});

/** The object as one of probabilities from 0 to `maximum`, a byte for each voxel. */
export const fractional = (dataset: DicomDataset, maximum: number): DicomDataset => ({
  ...dataset,
  [SegTag.SegmentationType]: element('CS', 'FRACTIONAL'),
  [SegTag.SegmentationFractionalType]: element('CS', 'PROBABILITY'),
  [SegTag.MaximumFractionalValue]: element('US', maximum),
  [Tag.BitsAllocated]: element('US', 8),
  [Tag.BitsStored]: element('US', 8),
  [SegTag.HighBit]: element('US', 7),
});
