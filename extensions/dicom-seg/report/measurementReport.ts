import { type DicomDataset, items, number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { IntensityStatistics } from '#core/labelmap/measureIntensity.ts';
import { err, ok, type Result } from '#core/result.ts';
import { readCode } from '../model/codes.ts';
import { element, sequence } from '../model/element.ts';
import type { Software } from '../model/equipment.ts';
import { objectHeader } from '../model/objectHeader.ts';
import type { SegmentationContent } from '../model/revision.ts';
import { referencedSeries } from '../model/sourceReferences.ts';
import { SegTag } from '../model/tags.ts';
import { coded, container, contentOf, personName, related, textItem, uidReference } from './contentItem.ts';
import { measurementGroup } from './measurementGroup.ts';
import { segmentMeasures } from './segmentMeasures.ts';
import { ANY_IMAGING, PROCEDURES, SrCode } from './srCodes.ts';
import { COMPREHENSIVE_3D_SR_STORAGE, SrTag } from './srTags.ts';

export interface ReportRequest {
  readonly series: ImageSeries;
  /** Header of the segmentation whose segments are reported. */
  readonly segmentation: DicomDataset;
  /** The same segmentation placed on the series. */
  readonly labelmap: Labelmap;
  /** Statistics of the modality values by labelmap number. */
  readonly intensities: ReadonlyMap<number, IntensityStatistics>;
  readonly content: SegmentationContent;
  readonly software: Software & { readonly deviceUid: string };
  readonly uids: () => string;
}

/**
 * An Imaging Measurement Report (PS3.16 TID 1500) as Comprehensive 3D SR (PS3.3 A.35.13): one volumetric measurement group (TID 1411) for
 * each segment, which it names by tracking UID and by segment number.
 * @returns errors `nothing-to-report`, `not-in-segmentation`
 */
export function buildMeasurementReport(request: ReportRequest): Result<DicomDataset> {
  const { series, segmentation, labelmap, intensities, content } = request;
  const numbers = new Map(
    items(segmentation, SegTag.SegmentSequence).map((item) => [
      text(item, SegTag.TrackingUID),
      number(item, SegTag.SegmentNumber),
    ]),
  );
  const groups = [];
  for (const segment of labelmap.segments) {
    if ((labelmap.voxels.get(segment.number)?.size ?? 0) === 0) continue;
    const referenced = numbers.get(segment.trackingUid);
    if (referenced === undefined) return err(notInSegmentation(segment.trackingUid));
    const measures = segmentMeasures(labelmap, segment.number, series, intensities.get(segment.number));
    groups.push(measurementGroup(segment, measures, series, segmentation, referenced));
  }
  if (groups.length === 0)
    return err(appError('nothing-to-report', 'No segment has a voxel, so there is nothing to report.'));

  const slices = [...new Set([...labelmap.voxels.values()].flatMap((voxels) => [...voxels.keys()]))].sort(
    (a, b) => a - b,
  );
  const source = series.frames[slices[0]!]!.dataset;
  const header = objectHeader({ ...request, source, sopClassUID: COMPREHENSIVE_3D_SR_STORAGE, modality: 'SR' });
  const root = container(
    SrCode.report,
    [
      related('HAS CONCEPT MOD', coded(SrCode.language, SrCode.english)),
      ...observers(request),
      ...procedures(source, series.modality).map((code) =>
        related('HAS CONCEPT MOD', coded(SrCode.procedureReported, code)),
      ),
      related(
        'CONTAINS',
        container(
          SrCode.imagingMeasurements,
          groups.map((group) => related('CONTAINS', group)),
        ),
      ),
    ],
    '1500',
  );
  return ok({
    ...header.elements,
    [SrTag.ReferencedPerformedProcedureStepSequence]: sequence(),
    [SegTag.ContentDate]: element('DA', content.moment.date),
    [SegTag.ContentTime]: element('TM', content.moment.time),
    [SrTag.PerformedProcedureCodeSequence]: sequence(),
    [SrTag.CurrentRequestedProcedureEvidenceSequence]: evidence(series, segmentation, slices),
    [SrTag.CompletionFlag]: element('CS', 'COMPLETE'),
    [SrTag.VerificationFlag]: element('CS', 'UNVERIFIED'),
    ...contentOf(root),
  });
}

/** Who measured (TID 1001): this program, for the reader where the reader has a name. */
function observers({ content, software }: ReportRequest): readonly DicomDataset[] {
  const person =
    content.creatorName === undefined || content.creatorName === ''
      ? []
      : [coded(SrCode.observerType, SrCode.person), personName(SrCode.personObserverName, content.creatorName)];
  const device = [
    coded(SrCode.observerType, SrCode.device),
    uidReference(SrCode.deviceObserverUid, software.deviceUid),
    textItem(SrCode.deviceObserverName, software.modelName),
    textItem(SrCode.deviceObserverManufacturer, software.manufacturer),
    textItem(SrCode.deviceObserverModel, `${software.modelName} ${software.versions.join(' ')}`),
    textItem(SrCode.deviceObserverSerial, software.serialNumber),
  ];
  return [...person, ...device].map((item) => related('HAS OBS CONTEXT', item));
}

function procedures(source: DicomDataset, modality: string) {
  const own = items(source, SrTag.ProcedureCodeSequence).flatMap(
    (item) => readCode({ item: { vr: 'SQ', Value: [item] } }, 'item') ?? [],
  );
  return own.length > 0 ? own : [PROCEDURES[modality] ?? ANY_IMAGING];
}

/** The segmentation and the images under its segments: one study, two series. */
function evidence(series: ImageSeries, segmentation: DicomDataset, slices: readonly number[]) {
  const images = items(referencedSeries(series, slices), SegTag.ReferencedSeriesSequence).map((item) => ({
    [SegTag.ReferencedSOPSequence]: item[SegTag.ReferencedInstanceSequence]!,
    [Tag.SeriesInstanceUID]: item[Tag.SeriesInstanceUID]!,
  }));
  const segments = {
    [SegTag.ReferencedSOPSequence]: sequence({
      [SegTag.ReferencedSOPClassUID]: segmentation[Tag.SOPClassUID]!,
      [SegTag.ReferencedSOPInstanceUID]: segmentation[Tag.SOPInstanceUID]!,
    }),
    [Tag.SeriesInstanceUID]: segmentation[Tag.SeriesInstanceUID]!,
  };
  return sequence({
    [SegTag.ReferencedSeriesSequence]: sequence(segments, ...images),
    [Tag.StudyInstanceUID]: element('UI', series.studyInstanceUID),
  });
}

const notInSegmentation = (trackingUid: string) =>
  appError('not-in-segmentation', 'A segment to report is not in the segmentation.', { context: { trackingUid } });
