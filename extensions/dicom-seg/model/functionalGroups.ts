import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { ok, type Result } from '#core/result.ts';
import { codeSequence, SegCode } from './codes.ts';
import { element, sequence } from './element.ts';
import type { FramePlan } from './framePlan.ts';
import { evenSliceSpacing, type FrameGeometry, geometryOf, sameValues } from './sourceGeometry.ts';
import { SegTag } from './tags.ts';

/** One frame of the object: where it lies, and the segment it shows (undefined in a label map, where pixels say it). */
export interface GroupedFrame {
  readonly k: number;
  readonly segmentNumber: number | undefined;
  /** Dimension Index Values, in the order of the Dimension Index Sequence. */
  readonly indexValues: readonly number[];
}

/**
 * Shared and per-frame functional groups (PS3.3 A.51.5, C.7.6.16). Each frame repeats the geometry of its own source frame;
 * what is the same for all is shared.
 */
export function functionalGroups(
  series: ImageSeries,
  plan: FramePlan,
  frames: readonly GroupedFrame[],
): Result<{ readonly shared: DicomElement; readonly perFrame: DicomElement }> {
  const bySlice = new Map<number, FrameGeometry>();
  for (const k of plan.slices) {
    const geometry = geometryOf(series, k);
    if (!geometry.ok) return geometry;
    bySlice.set(k, geometry.value);
  }
  const all = [...bySlice.values()];
  const first = all[0]!;
  const oneOrientation = all.every(({ orientation }) => sameValues(orientation, first.orientation));
  const oneMeasure = all.every(
    (other) =>
      sameValues(other.pixelSpacing, first.pixelSpacing) && sameValues(other.sliceThickness, first.sliceThickness),
  );
  const spacing = evenSliceSpacing(series);
  const derivation = new Map(plan.slices.map((k) => [k, derivationOf(series, k)]));
  const shared = sequence({
    ...(oneOrientation ? orientationGroup(first) : {}),
    ...(oneMeasure ? measuresGroup(first, spacing) : {}),
  });
  const perFrame = frames.map(({ k, segmentNumber, indexValues }) => {
    const geometry = bySlice.get(k)!;
    return {
      [SegTag.DerivationImageSequence]: derivation.get(k)!,
      [Tag.FrameContentSequence]: sequence({ [SegTag.DimensionIndexValues]: element('UL', ...indexValues) }),
      [Tag.PlanePositionSequence]: sequence({ [Tag.ImagePositionPatient]: geometry.position }),
      ...(oneOrientation ? {} : orientationGroup(geometry)),
      ...(oneMeasure ? {} : measuresGroup(geometry, spacing)),
      ...(segmentNumber === undefined ? {} : segmentGroup(segmentNumber)),
    };
  });
  return ok({ shared, perFrame: sequence(...perFrame) });
}

const orientationGroup = ({ orientation }: FrameGeometry): DicomDataset => ({
  [Tag.PlaneOrientationSequence]: sequence({ [Tag.ImageOrientationPatient]: orientation }),
});

const measuresGroup = ({ pixelSpacing, sliceThickness }: FrameGeometry, spacing: string | undefined): DicomDataset => ({
  [Tag.PixelMeasuresSequence]: sequence({
    [Tag.SliceThickness]: sliceThickness,
    ...(spacing === undefined ? {} : { [Tag.SpacingBetweenSlices]: element('DS', spacing) }),
    [Tag.PixelSpacing]: pixelSpacing,
  }),
});

const segmentGroup = (segmentNumber: number): DicomDataset => ({
  [SegTag.SegmentIdentificationSequence]: sequence({ [SegTag.ReferencedSegmentNumber]: element('US', segmentNumber) }),
});

/** What the frame was derived from: Referenced Frame Number only for a multi-frame source (PS3.3 Table 10-3). */
function derivationOf(series: ImageSeries, k: number): DicomElement {
  const { sopClassUID, sopInstanceUID, frameNumber } = series.frames[k]!;
  return sequence({
    [SegTag.SourceImageSequence]: sequence({
      [SegTag.ReferencedSOPClassUID]: element('UI', sopClassUID),
      [SegTag.ReferencedSOPInstanceUID]: element('UI', sopInstanceUID),
      ...(frameNumber === undefined ? {} : { [SegTag.ReferencedFrameNumber]: element('IS', frameNumber) }),
      [SegTag.SpatialLocationsPreserved]: element('CS', 'YES'),
      [SegTag.PurposeOfReferenceCodeSequence]: codeSequence(SegCode.sourceImage),
    }),
    [SegTag.DerivationCodeSequence]: codeSequence(SegCode.segmentation),
  });
}
