import { type DicomDataset, items, number, numbers, text } from '#core/dicom/dataset.ts';
import { appError } from '#core/errors.ts';
import { colorOf, type Rgb, type Segment, type SegmentAlgorithm } from '#core/labelmap/segment.ts';
import { err, ok, type Result } from '#core/result.ts';
import { sameCode } from '#core/terminology/code.ts';
import { DEFAULT_MEANING, Laterality } from '#core/terminology/segmentMeaning.ts';
import { rgbOf } from './cielab.ts';
import { readCode } from './codes.ts';
import { SegTag } from './tags.ts';

/**
 * Segments of an object; the background of a label map is none.
 * @param uids a new unique identifier at each call, for segments that have no tracking UID yet
 * @returns errors `no-segments`, `segment-number`
 */
export function readSegments(dataset: DicomDataset, uids: () => string): Result<readonly Segment[]> {
  const segments: Segment[] = [];
  const used = new Set<number>();
  for (const item of items(dataset, SegTag.SegmentSequence)) {
    const segmentNumber = number(item, SegTag.SegmentNumber);
    if (segmentNumber === undefined || used.has(segmentNumber)) {
      return err(
        appError('segment-number', 'Two segments of the object have one number, or one has none.', {
          context: { segmentNumber: segmentNumber ?? 'none' },
        }),
      );
    }
    used.add(segmentNumber);
    if (segmentNumber > 0) segments.push(readSegment(item, segmentNumber, uids));
  }
  if (segments.length > 0) return ok(segments);
  return err(appError('no-segments', 'The object describes no segment.'));
}

function readSegment(item: DicomDataset, segmentNumber: number, uids: () => string): Segment {
  const type = items(item, SegTag.SegmentedPropertyTypeCodeSequence)[0];
  const modifier = type && readCode(type, SegTag.SegmentedPropertyTypeModifierCodeSequence);
  const laterality = modifier && Object.values(Laterality).find((side) => sameCode(side, modifier));
  const description = text(item, SegTag.SegmentDescription);
  const trackingUid = text(item, SegTag.TrackingUID);
  const label = text(item, SegTag.SegmentLabel) ?? `Segment ${segmentNumber}`;
  return {
    number: segmentNumber,
    label,
    color: readColor(item) ?? colorOf(segmentNumber),
    category: readCode(item, SegTag.SegmentedPropertyCategoryCodeSequence) ?? DEFAULT_MEANING.category,
    type: readCode(item, SegTag.SegmentedPropertyTypeCodeSequence) ?? DEFAULT_MEANING.type,
    ...(laterality === undefined ? {} : { laterality }),
    ...(description === undefined ? {} : { description }),
    algorithm: readAlgorithm(item),
    trackingId: (trackingUid && text(item, SegTag.TrackingID)) || label,
    trackingUid: trackingUid ?? uids(),
    visible: true,
    locked: false,
  };
}

function readColor(item: DicomDataset): Rgb | undefined {
  const values = numbers(item, SegTag.RecommendedDisplayCIELabValue);
  return values?.length === 3 ? rgbOf(values as unknown as [number, number, number]) : undefined;
}

function readAlgorithm(item: DicomDataset): SegmentAlgorithm {
  const type = text(item, SegTag.SegmentAlgorithmType);
  if (type !== 'SEMIAUTOMATIC' && type !== 'AUTOMATIC') return { type: 'MANUAL' };
  const identification = items(item, SegTag.SegmentationAlgorithmIdentificationSequence)[0] ?? {};
  const parameters = text(identification, SegTag.AlgorithmParameters);
  const source = text(identification, SegTag.AlgorithmSource);
  return {
    type,
    name: text(identification, SegTag.AlgorithmName) ?? text(item, SegTag.SegmentAlgorithmName) ?? 'Unknown',
    version: text(identification, SegTag.AlgorithmVersion) ?? '',
    ...(parameters === undefined ? {} : { parameters }),
    ...(source === undefined ? {} : { source }),
  };
}
