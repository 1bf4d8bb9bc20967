import { type Types, utilities } from '@cornerstonejs/core';
import { createImage } from '@cornerstonejs/dicom-image-loader';
import { number, text } from '#core/dicom/dataset.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { encodedFrame } from './encodedFrame.ts';
import { nativeIfExtendedJpeg } from './extendedJpeg.ts';
import type { SliceIndex, SliceOfSeries } from './openSlices.ts';
import { emptyVoxels, toModalitySlice, type VoxelArray } from './voxelType.ts';

/** A dead decode worker gives no sign at all; an archive that is slower than this for one slice is of no use either. */
const SLICE_TIMEOUT_MS = 60_000;

/**
 * Cornerstone image loader for our image ids. Pixels are decoded as they are stored, and go through core's modality LUT here, not
 * in Cornerstone's worker: that one rounds slices whose ends happen to be whole numbers, and scales PET by more than the LUT.
 * A slice that cannot be had becomes an empty one and is listed in `failures`; one of a series that is closed on the way never comes.
 */
export function sliceLoader(index: SliceIndex): Types.ImageLoaderFn {
  return (imageId) => ({ promise: loadSlice(index, imageId) });
}

async function loadSlice(index: SliceIndex, imageId: string): Promise<Types.IImage> {
  const slice = index.find(imageId);
  if (slice === undefined) throw new Error('This image belongs to a series that was closed.');
  const decoded = await decodedImage(imageId, slice);
  // Cornerstone's cache turns a rejection into an unhandled one, and an image that comes after its series into a warning.
  if (slice.slices.closing.signal.aborted) return new Promise(() => {});
  if (decoded.ok) {
    slice.slices.failures.delete(slice.k);
    return decoded.value;
  }
  slice.slices.failures.set(slice.k, decoded.error);
  return emptyImage(imageId, slice);
}

/** One slice decoded and through its modality LUT; the series must be in the index. Rejects never. */
export async function decodedImage(imageId: string, slice: SliceOfSeries): Promise<Result<Types.IImage>> {
  const { slices, k, frame } = slice;
  try {
    const location = slices.source.pixels(frame.dataset, frame.frameNumber ?? 1);
    const fetching = encodedFrame(location, slices.closing.signal);
    // A source that fetches by itself has its own limits, and may be waiting for the reader to sign in.
    const limited = location.kind === 'part10' || location.read === undefined;
    const encoded = await (limited ? inTime(fetching) : fetching);
    if (!encoded.ok) return err(named(encoded.error, slice));
    const { bytes, transferSyntaxUID } = nativeIfExtendedJpeg(encoded.value, frame.dataset);
    const raw = await inTime(createImage(imageId, bytes, transferSyntaxUID, { preScale: { enabled: false } }));
    const image = raw as Types.IImage;
    if (image.color) return ok(image);
    const stored = image.getPixelData();
    const expected = (number(frame.dataset, '00280010') ?? 0) * (number(frame.dataset, '00280011') ?? 0);
    if (stored.length !== expected) return err(undecodable(slice, `${stored.length} of ${expected} pixels`));
    const { values, exact, lowest, highest } = toModalitySlice(stored, frame.lut, slices.voxelType);
    if (exact !== undefined) slices.exact.set(k, exact);
    return ok(withValues(image, values, lowest, highest, slice));
  } catch (thrown) {
    return err(undecodable(slice, thrown));
  }
}

const undecodable = (slice: SliceOfSeries, cause: unknown): AppError =>
  named(
    appError('pixels-not-decoded', 'The pixels of a slice could not be decoded.', {
      remedy: 'Leave the slice out, or fetch the series again.',
      cause,
    }),
    slice,
  );

/** Slices are counted from 1 for readers. */
const named = (error: AppError, { k, frame }: SliceOfSeries): AppError => ({
  ...error,
  context: {
    ...error.context,
    slice: k + 1,
    sopInstanceUID: frame.sopInstanceUID,
    transferSyntaxUID: text(frame.dataset, '00083002') ?? text(frame.dataset, '00020010') ?? 'unknown',
  },
});

function withValues(
  image: Types.IImage,
  values: VoxelArray,
  lowest: number,
  highest: number,
  slice: SliceOfSeries,
): Types.IImage {
  const { lut } = slice.frame;
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData: values,
    width: image.columns,
    height: image.rows,
    numberOfComponents: 1,
  });
  return {
    ...image,
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    voxelManager,
    getPixelData: () => voxelManager.getScalarData(),
    // The decoder's own copy would double the memory of a series.
    imageFrame: { ...image.imageFrame, pixelData: undefined } as unknown as Types.IImageFrame,
    preScale: {
      enabled: true,
      scaled: true,
      scalingParameters: {
        rescaleSlope: lut.slope,
        rescaleIntercept: lut.intercept,
        modality: slice.slices.series.modality,
      },
    },
    isPreScaled: true,
    slope: 1,
    intercept: 0,
    minPixelValue: lowest,
    maxPixelValue: highest,
    windowCenter: (lowest + highest) / 2,
    windowWidth: Math.max(highest - lowest, 1),
    // MONOCHROME1 is inverted by the viewer for all planes alike, never in the data.
    invert: false,
    sizeInBytes: values.byteLength,
  };
}

function emptyImage(imageId: string, slice: SliceOfSeries): Types.IImage {
  const { rows, columns, rowSpacing, columnSpacing } = slice.slices.series.stack.planes[slice.k]!;
  const values = emptyVoxels(slice.slices.voxelType, rows * columns).fill(Math.min(0, slice.frame.lut.intercept));
  const frame = {
    imageId,
    rows,
    columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    height: rows,
    width: columns,
  };
  const spacing = { rowPixelSpacing: rowSpacing, columnPixelSpacing: columnSpacing };
  return withValues({ ...frame, ...spacing } as unknown as Types.IImage, values, values[0]!, values[0]! + 1, slice);
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${SLICE_TIMEOUT_MS / 1000} s`)), SLICE_TIMEOUT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
