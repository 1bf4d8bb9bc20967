import { type DicomDataset, type DicomElement, number, numbers, text } from '#core/dicom/dataset.ts';
import { functionalGroup } from '#core/dicom/frameAttributes.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { decimalString } from './decimalString.ts';
import { element } from './element.ts';

/** Where one source frame lies, in the source's own values: never derived again from floats. */
export interface FrameGeometry {
  readonly position: DicomElement;
  readonly orientation: DicomElement;
  readonly pixelSpacing: DicomElement;
  readonly sliceThickness: DicomElement;
}

/**
 * Geometry of slice k as the source states it.
 * @returns error `no-slice-thickness`: Slice Thickness is Type 1C in a segmentation with a frame of reference (CP-1426)
 */
export function geometryOf(series: ImageSeries, k: number): Result<FrameGeometry> {
  const frame = series.frames[k]!;
  const index = (frame.frameNumber ?? 1) - 1;
  const measures = functionalGroup(frame.dataset, index, Tag.PixelMeasuresSequence);
  const thickness = thicknessOf(series, measures, frame.dataset);
  if (thickness === undefined) return err(noThickness(frame.sopInstanceUID));
  const position = functionalGroup(frame.dataset, index, Tag.PlanePositionSequence)[Tag.ImagePositionPatient];
  const orientation = functionalGroup(frame.dataset, index, Tag.PlaneOrientationSequence)[Tag.ImageOrientationPatient];
  const pixelSpacing = measures[Tag.PixelSpacing];
  if (position === undefined || orientation === undefined || pixelSpacing === undefined) {
    throw new Error('A frame of an image series has no plane');
  }
  return ok({ position, orientation, pixelSpacing, sliceThickness: thickness });
}

/** The source's own thickness where it is usable, else what its slices are apart. */
function thicknessOf(series: ImageSeries, measures: DicomDataset, dataset: DicomDataset): DicomElement | undefined {
  for (const holder of [measures, dataset]) {
    const own = holder[Tag.SliceThickness];
    if (own !== undefined && (number(holder, Tag.SliceThickness) ?? 0) > 0) return own;
  }
  const apart = series.stack.sliceSpacing ?? number(measures, Tag.SpacingBetweenSlices);
  return apart !== undefined && apart > 0 ? element('DS', decimalString(apart)) : undefined;
}

const noThickness = (sopInstanceUID: string): AppError =>
  appError('no-slice-thickness', 'The image does not say how thick it is, which a segmentation must repeat.', {
    remedy: 'Ask for the original images, or segment a series with more than one slice.',
    context: { sopInstanceUID },
  });

/**
 * Spacing Between Slices, measured along the normal over the whole source stack, not over the slices retained; undefined where
 * the slices are not evenly spaced.
 */
export function evenSliceSpacing(series: ImageSeries): string | undefined {
  const uneven = series.stack.issues.some(({ kind }) => kind === 'uneven-spacing' || kind === 'missing-slices');
  const { positions } = series.stack;
  if (uneven || positions.length < 2) return undefined;
  // Rounded to a nanometre: below the resolution of any DS text that the positions were read from.
  const mean = (positions[positions.length - 1]! - positions[0]!) / (positions.length - 1);
  return decimalString(Math.round(mean * 1e6) / 1e6);
}

/** Whether two elements hold the same values, however they were written. */
export function sameValues(a: DicomElement, b: DicomElement): boolean {
  const holder = { a, b };
  const x = numbers(holder, 'a');
  const y = numbers(holder, 'b');
  if (x === undefined || y === undefined) return text(holder, 'a') === text(holder, 'b');
  return x.length === y.length && x.every((value, index) => value === y[index]);
}
