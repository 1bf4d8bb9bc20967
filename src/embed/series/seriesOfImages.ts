import { metaData } from '@cornerstonejs/core';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { number, text } from '#core/dicom/dataset.ts';
import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { normalize } from '#core/geometry/vector.ts';
import { IDENTITY_LUT, type ModalityLut } from '#core/pixels/modalityLut.ts';
import { err, ok, type Result } from '#core/result.ts';
import { headerOf, type NaturalHeader } from './headerOf.ts';

/** The DICOM JSON header of an image; where a host has it, it is better than what is made from Cornerstone's metadata. */
export type HeaderOfImage = (imageId: string) => DicomDataset | undefined;

export interface ImagesInOrder {
  readonly series: ImageSeries;
  /** Cornerstone's image id of slice k. */
  readonly imageIds: readonly string[];
}

/**
 * The series that the images of a host's viewport are, ordered along the stack normal, from Cornerstone's metadata providers.
 * @param imageIds of one series, any order, with their metadata registered
 * @returns errors `no-instances`, `no-image-plane`, `no-uid`, `mixed-series`, each naming the image by its place in the list
 */
export function seriesOfImages(imageIds: readonly string[], headerGiven?: HeaderOfImage): Result<ImagesInOrder> {
  if (imageIds.length === 0) return err(appError('no-instances', 'The series has no images.'));
  const planes: ImagePlane[] = [];
  const frames: SliceFrame[] = [];
  for (const [index, imageId] of imageIds.entries()) {
    const context = { image: index + 1 };
    const header = headerGiven?.(imageId) ?? headerOf(moduleOf(imageId, 'instance'));
    const plane = planeOf(moduleOf(imageId, 'imagePlaneModule'));
    if (plane === undefined) {
      const message = 'An image does not say where it lies in the patient.';
      return err(appError('no-image-plane', message, { context }));
    }
    const frame = frameOf(imageId, header);
    if (frame === undefined) return err(appError('no-uid', 'An image has no SOP Instance UID.', { context }));
    planes.push(plane);
    frames.push(frame);
  }
  const uids = new Set(frames.map(({ dataset }) => text(dataset, Tag.SeriesInstanceUID)));
  if (uids.size > 1) return err(appError('mixed-series', 'The images belong to more than one series.'));
  const stack = stackOf(planes);
  const { dataset } = frames[0]!;
  const general = moduleOf(imageIds[0]!, 'generalSeriesModule');
  const given = (tag: string, name: string): string => text(dataset, tag) ?? String(general[name] ?? '');
  return ok({
    imageIds: stack.order.map((index) => imageIds[index]!),
    series: {
      studyInstanceUID: given(Tag.StudyInstanceUID, 'studyInstanceUID'),
      seriesInstanceUID: given(Tag.SeriesInstanceUID, 'seriesInstanceUID'),
      frameOfReferenceUID: text(dataset, Tag.FrameOfReferenceUID),
      modality: given(Tag.Modality, 'modality') || 'OT',
      frames: stack.order.map((index) => frames[index]!),
      stack,
    },
  });
}

function moduleOf(imageId: string, type: string): NaturalHeader {
  const found: unknown = metaData.get(type, imageId);
  return typeof found === 'object' && found !== null ? (found as NaturalHeader) : {};
}

function planeOf(module: NaturalHeader): ImagePlane | undefined {
  const position = numbersOf(module.imagePositionPatient, 3);
  const row = numbersOf(module.rowCosines, 3);
  const column = numbersOf(module.columnCosines, 3);
  const [rows, columns] = [Number(module.rows), Number(module.columns)];
  const [rowSpacing, columnSpacing] = [Number(module.rowPixelSpacing), Number(module.columnPixelSpacing)];
  if (position === undefined || row === undefined || column === undefined || module.usingDefaultValues === true)
    return undefined;
  if (!(rows > 0 && columns > 0 && rowSpacing > 0 && columnSpacing > 0)) return undefined;
  return {
    rows,
    columns,
    rowSpacing,
    columnSpacing,
    position: patientPoint(position[0], position[1], position[2]),
    rowDirection: normalize(row),
    columnDirection: normalize(column),
  };
}

function numbersOf(value: unknown, count: 3): Vector3 | undefined {
  const list = Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>, Number) : [];
  return list.length === count && list.every(Number.isFinite) ? (list as unknown as Vector3) : undefined;
}

function frameOf(imageId: string, dataset: DicomDataset): SliceFrame | undefined {
  const common = moduleOf(imageId, 'sopCommonModule');
  const sopInstanceUID = text(dataset, Tag.SOPInstanceUID) ?? textOf(common.sopInstanceUID);
  const sopClassUID = text(dataset, Tag.SOPClassUID) ?? textOf(common.sopClassUID);
  if (sopInstanceUID === undefined || sopClassUID === undefined) return undefined;
  const multiFrame = (number(dataset, Tag.NumberOfFrames) ?? 1) > 1;
  const frameNumber = multiFrame ? Number(/(?:\/frames\/|[?&]frame=)(\d+)/.exec(imageId)?.[1] ?? 1) : undefined;
  return { sopInstanceUID, sopClassUID, frameNumber, lut: lutOf(moduleOf(imageId, 'modalityLutModule')), dataset };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function lutOf({ rescaleSlope, rescaleIntercept, rescaleType }: NaturalHeader): ModalityLut {
  const [slope, intercept] = [Number(rescaleSlope), Number(rescaleIntercept)];
  if (!Number.isFinite(slope) || !Number.isFinite(intercept) || slope === 0) return IDENTITY_LUT;
  return { slope, intercept, ...(typeof rescaleType === 'string' && rescaleType !== '' ? { units: rescaleType } : {}) };
}
