import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import { packFrames } from './bitStream.ts';
import { dimensionModule } from './dimensionIndex.ts';
import { codeString, element, longString, sequence } from './element.ts';
import type { Software } from './equipment.ts';
import { type FramePlan, planFrames, segmentsOverlap } from './framePlan.ts';
import { functionalGroups, type GroupedFrame } from './functionalGroups.ts';
import { labelPixels } from './labelPixels.ts';
import { frameOfReference, objectHeader } from './objectHeader.ts';
import type { SegmentationContent } from './revision.ts';
import { backgroundItem, segmentItem } from './segmentItem.ts';
import { evenSliceSpacing } from './sourceGeometry.ts';
import { lossyHistory, referencedSeries } from './sourceReferences.ts';
import { LABEL_MAP_SEGMENTATION_STORAGE, SEGMENTATION_STORAGE, SegTag } from './tags.ts';

export interface BuildRequest {
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly content: SegmentationContent;
  readonly software: Software;
  /** A new unique identifier at each call. */
  readonly uids: () => string;
  /** BINARY (the default) opens in every reader; LABELMAP in few as yet. */
  readonly kind?: 'BINARY' | 'LABELMAP';
  /** Header of the segmentation that this one revises. */
  readonly predecessor?: DicomDataset;
}

export interface BuiltSegmentation {
  /** Everything but the pixel data, and nothing of group 0002. */
  readonly dataset: DicomDataset;
  /** Native pixel data, little-endian, of even length. */
  readonly pixelData: Uint8Array;
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Labelmap number and number in the object of each segment written, in the object's order. */
  readonly segmentNumbers: ReadonlyMap<number, number>;
  /** Labelmap numbers of the segments left out because they have no voxels. */
  readonly dropped: readonly number[];
}

/**
 * A Segmentation or Label Map Segmentation (PS3.3 A.51, C.8.20) of the slices of a series. Pure: clock, identifiers and
 * program come as arguments.
 * @returns errors `nothing-to-save`, `grid-mismatch`, `ambiguous-slices`, `no-slice-thickness`, `segments-overlap`
 */
export function buildSegmentation(request: BuildRequest): Result<BuiltSegmentation> {
  const { series, labelmap, content, uids } = request;
  const planned = planFrames(series, labelmap);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const binary = request.kind !== 'LABELMAP';
  const overlap = segmentsOverlap(plan);
  const pixels = binary ? binaryPixels(plan, labelmap) : labelModule(plan, labelmap);
  if (!pixels.ok) return pixels;
  const groups = functionalGroups(series, plan, binary ? binaryFrames(plan) : labelFrames(plan));
  if (!groups.ok) return groups;

  const source = series.frames[plan.slices[0]!]!.dataset;
  const sopClassUID = binary ? SEGMENTATION_STORAGE : LABEL_MAP_SEGMENTATION_STORAGE;
  const header = objectHeader({ ...request, source, sopClassUID, modality: 'SEG' });
  const { moment } = content;
  const segments = plan.segments.map(({ segment, segmentNumber }) => segmentItem(segment, segmentNumber));
  const regular = evenSliceSpacing(series) !== undefined && areNeighbours(plan.slices) && plan.segments.length === 1;
  const dataset: DicomDataset = {
    ...header.elements,
    [Tag.ImageType]: element('CS', 'DERIVED', 'PRIMARY'),
    [SegTag.ContentDate]: element('DA', moment.date),
    [SegTag.ContentTime]: element('TM', moment.time),
    ...bodyPart(source),
    ...frameOfReference(series, source),
    ...referencedSeries(series, plan.slices),
    ...dimensionModule(uids(), binary, regular),
    [Tag.SamplesPerPixel]: element('US', 1),
    [Tag.PhotometricInterpretation]: element('CS', 'MONOCHROME2'),
    [Tag.Rows]: element('US', labelmap.size.rows),
    [Tag.Columns]: element('US', labelmap.size.columns),
    [Tag.PixelRepresentation]: element('US', 0),
    [SegTag.BurnedInAnnotation]: element('CS', 'NO'),
    ...lossyHistory(series, plan.slices),
    [SegTag.SegmentsOverlap]: element('CS', overlap ? 'YES' : 'NO'),
    ...pixels.value.elements,
    [SegTag.SegmentSequence]: sequence(...(binary ? [] : [backgroundItem()]), ...segments),
    [SegTag.ContentLabel]: element('CS', codeString(content.contentLabel) || 'SEGMENTATION'),
    [SegTag.ContentDescription]: longString(content.contentDescription ?? content.seriesDescription),
    [SegTag.ContentCreatorName]: element('PN', ...(content.creatorName ? [content.creatorName] : [])),
    [SegTag.PresentationLUTShape]: element('CS', 'IDENTITY'),
    [Tag.SharedFunctionalGroupsSequence]: groups.value.shared,
    [Tag.PerFrameFunctionalGroupsSequence]: groups.value.perFrame,
  };
  return ok({
    dataset,
    pixelData: pixels.value.bytes,
    sopClassUID,
    sopInstanceUID: header.sopInstanceUID,
    seriesInstanceUID: header.seriesInstanceUID,
    segmentNumbers: new Map(plan.segments.map(({ segment, segmentNumber }) => [segment.number, segmentNumber])),
    dropped: plan.dropped,
  });
}

interface PixelModule {
  readonly elements: DicomDataset;
  readonly bytes: Uint8Array;
}

/** One bit a pixel whatever the source's depth, sign or photometric interpretation: nothing of its pixel module leaks in. */
function binaryPixels(plan: FramePlan, { size }: Labelmap): Result<PixelModule> {
  const bytes = packFrames(
    plan.frames.map(({ mask }) => mask),
    size.columns * size.rows,
  );
  return ok({ elements: { ...pixelDepth(1, plan.frames.length), ...segmentationType('BINARY') }, bytes });
}

function labelModule(plan: FramePlan, { size }: Labelmap): Result<PixelModule> {
  const pixels = labelPixels(plan, size.columns * size.rows);
  if (!pixels.ok) return pixels;
  const { bitsAllocated, bytes } = pixels.value;
  const padding = { [SegTag.PixelPaddingValue]: element('US', 0) };
  const elements = { ...pixelDepth(bitsAllocated, plan.slices.length), ...segmentationType('LABELMAP'), ...padding };
  return ok({ elements, bytes });
}

const pixelDepth = (bits: 1 | 8 | 16, frames: number): DicomDataset => ({
  [Tag.NumberOfFrames]: element('IS', frames),
  [Tag.BitsAllocated]: element('US', bits),
  [Tag.BitsStored]: element('US', bits),
  [SegTag.HighBit]: element('US', bits - 1),
});

const segmentationType = (type: string): DicomDataset => ({ [SegTag.SegmentationType]: element('CS', type) });

const binaryFrames = (plan: FramePlan): GroupedFrame[] =>
  plan.frames.map(({ k, segmentNumber, positionRank }) => ({
    k,
    segmentNumber,
    indexValues: [segmentNumber, positionRank],
  }));

const labelFrames = (plan: FramePlan): GroupedFrame[] =>
  plan.slices.map((k, index) => ({ k, segmentNumber: undefined, indexValues: [index + 1] }));

const areNeighbours = (slices: readonly number[]): boolean =>
  slices.every((k, index) => index === 0 || k === slices[index - 1]! + 1);

/** Type 3 for a segmentation, but archives search and sort by it. */
const bodyPart = (source: DicomDataset): DicomDataset =>
  text(source, Tag.BodyPartExamined) === undefined ? {} : { [Tag.BodyPartExamined]: source[Tag.BodyPartExamined]! };
