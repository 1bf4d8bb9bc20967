import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { type ImagePlane, sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import { err, ok, type Result } from '#core/result.ts';
import { codeSequence } from '../model/codes.ts';
import { element, fitted, longString, sequence, shortString } from '../model/element.ts';
import type { Software } from '../model/equipment.ts';
import { type PlannedFrame, type PlannedSegment, planFrames } from '../model/framePlan.ts';
import { frameOfReference, objectHeader } from '../model/objectHeader.ts';
import type { SegmentationContent } from '../model/revision.ts';
import { SegTag } from '../model/tags.ts';
import { maskContours, type Polygon } from './contours.ts';
import { RT_STRUCTURE_SET_STORAGE, RtTag } from './rtTags.ts';

export interface StructureSetRequest {
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly content: SegmentationContent;
  readonly software: Software;
  readonly uids: () => string;
}

/**
 * An RT Structure Set (PS3.3 A.19, C.8.8.5, C.8.8.6, C.8.8.8): one ROI per segment that has voxels, numbered as in the SEG of the same
 * labelmap; its contours run along pixel edges ({@link maskContours}), on the plane of each slice as it lies.
 * @returns errors of `planFrames`, and `no-frame-of-reference`: contours are points in one
 */
export function buildStructureSet(request: StructureSetRequest): Result<DicomDataset> {
  const { series, labelmap, content } = request;
  const planned = planFrames(series, labelmap);
  if (!planned.ok) return planned;
  const { segments, frames, slices } = planned.value;
  const { frameOfReferenceUID } = series;
  if (frameOfReferenceUID === undefined) {
    return err(
      appError('no-frame-of-reference', 'The images name no frame of reference, in which contours must lie.', {
        remedy: 'Export DICOM SEG instead.',
      }),
    );
  }
  const source = series.frames[slices[0]!]!.dataset;
  const { moment } = content;
  return ok({
    ...objectHeader({ ...request, source, sopClassUID: RT_STRUCTURE_SET_STORAGE, modality: 'RTSTRUCT' }).elements,
    ...frameOfReference(series, source),
    [RtTag.OperatorsName]: element('PN', ...(content.creatorName ? [content.creatorName] : [])),
    [RtTag.StructureSetLabel]: shortString(content.contentLabel || 'SEGMENTATION'),
    [RtTag.StructureSetName]: longString(content.seriesDescription),
    [RtTag.StructureSetDate]: element('DA', moment.date),
    [RtTag.StructureSetTime]: element('TM', moment.time),
    [RtTag.ReferencedFrameOfReferenceSequence]: sequence({
      [Tag.FrameOfReferenceUID]: element('UI', frameOfReferenceUID),
      [RtTag.RTReferencedStudySequence]: referencedStudy(series),
    }),
    [RtTag.StructureSetROISequence]: sequence(...segments.map((one) => roiItem(one, frameOfReferenceUID))),
    [RtTag.ROIContourSequence]: sequence(
      ...segments.map(({ segment, segmentNumber }) => ({
        [RtTag.ROIDisplayColor]: element('IS', ...segment.color),
        [RtTag.ContourSequence]: contourSequence(
          series,
          frames.filter((frame) => frame.segmentNumber === segmentNumber),
        ),
        [RtTag.ReferencedROINumber]: element('IS', segmentNumber),
      })),
    ),
    [RtTag.RTROIObservationsSequence]: sequence(...segments.map(observationItem)),
    [RtTag.ApprovalStatus]: element('CS', 'UNAPPROVED'),
  });
}

/** The whole image series. Its study is named by the class that the standard keeps for this, though retired (Table C.8-41). */
const referencedStudy = (series: ImageSeries) => {
  const instances = new Map(series.frames.map((frame) => [frame.sopInstanceUID, frame]));
  return sequence({
    [SegTag.ReferencedSOPClassUID]: element('UI', '1.2.840.10008.3.1.2.3.1'),
    [SegTag.ReferencedSOPInstanceUID]: element('UI', series.studyInstanceUID),
    [RtTag.RTReferencedSeriesSequence]: sequence({
      [Tag.SeriesInstanceUID]: element('UI', series.seriesInstanceUID),
      [RtTag.ContourImageSequence]: sequence(
        ...[...instances.values()].map((frame) => imageReference({ ...frame, frameNumber: undefined })),
      ),
    }),
  });
};

const imageReference = ({ sopClassUID, sopInstanceUID, frameNumber }: SliceFrame): DicomDataset => ({
  [SegTag.ReferencedSOPClassUID]: element('UI', sopClassUID),
  [SegTag.ReferencedSOPInstanceUID]: element('UI', sopInstanceUID),
  ...(frameNumber === undefined ? {} : { [SegTag.ReferencedFrameNumber]: element('IS', frameNumber) }),
});

function roiItem({ segment, segmentNumber }: PlannedSegment, frameOfReferenceUID: string): DicomDataset {
  const description = fitted(segment.description ?? '', 1024);
  return {
    [RtTag.ROINumber]: element('IS', segmentNumber),
    [RtTag.ReferencedFrameOfReferenceUID]: element('UI', frameOfReferenceUID),
    [RtTag.ROIName]: longString(segment.label.trim() === '' ? `Segment ${segmentNumber}` : segment.label),
    ...(description === '' ? {} : { [RtTag.ROIDescription]: element('ST', description) }),
    [RtTag.ROIGenerationAlgorithm]: element('CS', segment.algorithm.type),
    ...generation(segment),
  };
}

const generation = ({ algorithm }: Segment): DicomDataset =>
  algorithm.type === 'MANUAL'
    ? {}
    : { [RtTag.ROIGenerationDescription]: longString(`${algorithm.name} ${algorithm.version}`) };

/** The interpreted type (GTV, ORGAN...) is a decision of radiotherapy planning that nobody made here: empty (Type 2). */
const observationItem = ({ segment, segmentNumber }: PlannedSegment): DicomDataset => ({
  [RtTag.ObservationNumber]: element('IS', segmentNumber),
  [RtTag.ReferencedROINumber]: element('IS', segmentNumber),
  [RtTag.RTROIIdentificationCodeSequence]: codeSequence(segment.type),
  [RtTag.RTROIInterpretedType]: element('CS'),
  [RtTag.ROIInterpreter]: element('PN'),
});

function contourSequence(series: ImageSeries, frames: readonly PlannedFrame[]) {
  const contours = frames.flatMap(({ k, mask }) => {
    const plane = series.stack.planes[k]!;
    return maskContours(mask, plane.columns).map((polygon) => ({ k, plane, polygon }));
  });
  return sequence(
    ...contours.map(({ k, plane, polygon }, index) => ({
      [RtTag.ContourNumber]: element('IS', index + 1),
      [RtTag.ContourImageSequence]: sequence(imageReference(series.frames[k]!)),
      [RtTag.ContourGeometricType]: element('CS', 'CLOSED_PLANAR'),
      [RtTag.NumberOfContourPoints]: element('IS', polygon.length),
      [RtTag.ContourData]: element('DS', ...contourData(polygon, plane)),
    })),
  );
}

const contourData = (polygon: Polygon, plane: ImagePlane): readonly string[] =>
  polygon.flatMap(([x, y]) => sliceToPatient(plane, slicePoint(x - 0.5, y - 0.5)).map(nanometres));

/** Far below half a pixel, the distance of a contour from any pixel centre; 16 characters hold it for any position in a room. */
const nanometres = (millimetres: number): string => String(Math.round(millimetres * 1e6) / 1e6 + 0);
