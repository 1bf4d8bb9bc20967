import { type AppError, appError } from '../errors.ts';
import { type Stack, stackOf } from '../geometry/stack.ts';
import type { ModalityLut } from '../pixels/modalityLut.ts';
import { err, ok, type Result } from '../result.ts';
import { type DicomDataset, items, number, text } from './dataset.ts';
import { lutOfFrame, planeOfFrame } from './frameAttributes.ts';
import { Tag } from './tags.ts';

/** One slice of a series: a single-frame instance, or one frame of a multi-frame one. */
export interface SliceFrame {
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  /** 1-based; undefined for a single-frame instance (which must not be given a frame number, PS3.3 Table 10-3). */
  readonly frameNumber: number | undefined;
  readonly lut: ModalityLut;
  /** Header of the instance that holds the frame. */
  readonly dataset: DicomDataset;
}

/** An image series whose slices have a place in the patient; `frames[k]` lies on `stack.planes[k]`. */
export interface ImageSeries {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly frameOfReferenceUID: string | undefined;
  readonly modality: string;
  readonly frames: readonly SliceFrame[];
  readonly stack: Stack;
}

/**
 * Orders the instances of one series into slices along the stack normal.
 * @param instances headers of one series, any order
 * @returns errors `no-instances`, `mixed-series`, `not-an-image`, `modality-lut-table`, `no-image-plane`, each naming the instance
 */
export function imageSeriesOf(instances: readonly DicomDataset[]): Result<ImageSeries> {
  const head = instances[0];
  if (head === undefined) return err(appError('no-instances', 'The series has no instances.'));
  const seriesInstanceUID = text(head, Tag.SeriesInstanceUID);
  const studyInstanceUID = text(head, Tag.StudyInstanceUID);
  if (seriesInstanceUID === undefined || studyInstanceUID === undefined) {
    return err(appError('no-uid', 'The series or study has no UID.'));
  }
  const frames: SliceFrame[] = [];
  const planes = [];
  for (const dataset of instances) {
    if (text(dataset, Tag.SeriesInstanceUID) !== seriesInstanceUID) {
      return err(appError('mixed-series', 'The instances belong to more than one series.'));
    }
    const slices = slicesOf(dataset);
    if (!slices.ok) return slices;
    for (const { frame, plane } of slices.value) {
      frames.push(frame);
      planes.push(plane);
    }
  }
  const stack = stackOf(planes);
  return ok({
    studyInstanceUID,
    seriesInstanceUID,
    frameOfReferenceUID: text(head, Tag.FrameOfReferenceUID),
    modality: text(head, Tag.Modality) ?? 'OT',
    frames: stack.order.map((index) => frames[index]!),
    stack,
  });
}

function slicesOf(dataset: DicomDataset) {
  const sopInstanceUID = text(dataset, Tag.SOPInstanceUID);
  const sopClassUID = text(dataset, Tag.SOPClassUID);
  const refuse = (code: string, message: string): { ok: false; error: AppError } =>
    err(appError(code, message, { context: { sopInstanceUID: sopInstanceUID ?? 'unknown' } }));
  if (sopInstanceUID === undefined || sopClassUID === undefined) return refuse('no-uid', 'An instance has no UID.');
  if (number(dataset, Tag.Rows) === undefined || number(dataset, Tag.Columns) === undefined) {
    return refuse('not-an-image', 'An instance of the series holds no image.');
  }
  if (items(dataset, Tag.ModalityLUTSequence).length > 0) {
    return refuse(
      'modality-lut-table',
      'An instance maps its values by a table (Modality LUT Sequence), which cannot be read.',
    );
  }
  const count = number(dataset, Tag.NumberOfFrames) ?? 1;
  const multiFrame = dataset[Tag.PerFrameFunctionalGroupsSequence] !== undefined || count > 1;
  const slices = [];
  for (let index = 0; index < count; index += 1) {
    const plane = planeOfFrame(dataset, index);
    if (plane === undefined) {
      return refuse('no-image-plane', 'An instance does not say where its image lies in the patient.');
    }
    const frameNumber = multiFrame ? index + 1 : undefined;
    slices.push({
      plane,
      frame: { sopInstanceUID, sopClassUID, frameNumber, lut: lutOfFrame(dataset, index), dataset },
    });
  }
  return ok(slices);
}
