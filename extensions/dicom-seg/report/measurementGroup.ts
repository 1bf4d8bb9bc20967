import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { sameCode } from '#core/terminology/code.ts';
import { Category } from '#core/terminology/segmentMeaning.ts';
import {
  type ContentItem,
  coded,
  container,
  measurement,
  related,
  segmentReference,
  textItem,
  uidReference,
} from './contentItem.ts';
import { intensityConcept, type SegmentMeasures } from './segmentMeasures.ts';
import { SrCode, Unit } from './srCodes.ts';

/**
 * Volumetric ROI Measurements and Qualitative Evaluations (TID 1411) of one segment.
 * @param segmentation header of the object that holds it, as `segmentNumber`
 */
export function measurementGroup(
  segment: Segment,
  measures: SegmentMeasures,
  series: ImageSeries,
  segmentation: DicomDataset,
  segmentNumber: number,
): ContentItem {
  const sopClassUID = text(segmentation, Tag.SOPClassUID)!;
  const sopInstanceUID = text(segmentation, Tag.SOPInstanceUID)!;
  return container(
    SrCode.measurementGroup,
    [
      related('HAS OBS CONTEXT', textItem(SrCode.trackingIdentifier, segment.trackingId)),
      related('HAS OBS CONTEXT', uidReference(SrCode.trackingUniqueIdentifier, segment.trackingUid)),
      related('CONTAINS', coded(SrCode.findingCategory, segment.category)),
      related('CONTAINS', coded(SrCode.finding, segment.type)),
      related('CONTAINS', segmentReference(SrCode.referencedSegment, sopClassUID, sopInstanceUID, segmentNumber)),
      related('CONTAINS', uidReference(SrCode.sourceSeries, series.seriesInstanceUID)),
      ...findingSite(segment).map((site) => related('HAS CONCEPT MOD', site)),
      ...measurements(measures, series).map((one) => related('CONTAINS', one)),
    ],
    '1411',
  );
}

/** Of an organ, the organ; where a lesion lies nobody has said. */
function findingSite({ category, type, laterality }: Segment): readonly ContentItem[] {
  if (!sameCode(category, Category.anatomical)) return [];
  const side = laterality === undefined ? [] : [related('HAS CONCEPT MOD', coded(SrCode.laterality, laterality))];
  return [coded(SrCode.findingSite, type, side)];
}

function measurements(measures: SegmentMeasures, series: ImageSeries): readonly ContentItem[] {
  const { volumeMm3, longMm, shortMm, intensity } = measures;
  return [
    ...(volumeMm3 === undefined ? [] : [measurement(SrCode.volume, volumeMm3 / 1000, Unit.cubicCentimetre)]),
    ...(longMm === undefined ? [] : [measurement(SrCode.longAxis, longMm, Unit.millimetre)]),
    ...(shortMm === undefined ? [] : [measurement(SrCode.shortAxis, shortMm, Unit.millimetre)]),
    ...(intensity === undefined ? [] : intensityMeasurements(intensity, series)),
  ];
}

function intensityMeasurements(
  { mean, standardDeviation, minimum, maximum }: NonNullable<SegmentMeasures['intensity']>,
  series: ImageSeries,
): readonly ContentItem[] {
  const known = intensityConcept(series);
  if (known === undefined) return [];
  const derived = [
    [SrCode.mean, mean],
    [SrCode.standardDeviation, standardDeviation],
    [SrCode.minimum, minimum],
    [SrCode.maximum, maximum],
  ] as const;
  return derived.map(([derivation, value]) =>
    measurement(known.concept, value, known.unit, [related('HAS CONCEPT MOD', coded(SrCode.derivation, derivation))]),
  );
}
