import { imageLoader } from '@cornerstonejs/core';
import { type AppError, appError } from '#core/errors.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';
import { abortable } from './abortable.ts';
import type { OpenSlices } from './openSlices.ts';

/**
 * Modality values of slice k as the model sees them: whatever is on the screen, MONOCHROME1 is not inverted. Rejects when it is
 * cancelled or the series is closed.
 */
export async function slicePixels(
  slices: OpenSlices,
  k: number,
  { signal }: CallOptions = {},
): Promise<Result<SliceImage>> {
  const imageId = slices.imageIds[k];
  if (imageId === undefined) throw new Error(`The series has no slice ${k}`);
  const signals = signal === undefined ? [slices.closing.signal] : [slices.closing.signal, signal];
  const image = await abortable(imageLoader.loadAndCacheImage(imageId), ...signals);
  const failure = slices.failures.get(k);
  if (failure !== undefined) return err(unavailable(k, failure));
  if (image.color) {
    return err(
      appError('pixels-unavailable', 'The image is in colour: there are no intensities to segment.', {
        context: { slice: k + 1 },
      }),
    );
  }
  const values = slices.exact.get(k) ?? image.getPixelData();
  return ok({ columns: image.columns, rows: image.rows, values: new Float32Array(values) });
}

const unavailable = (k: number, failure: AppError): AppError =>
  appError('pixels-unavailable', `The pixels of slice ${k + 1} are not available.`, {
    remedy: failure.remedy,
    cause: failure.cause ?? failure.message,
    context: { ...failure.context, slice: k + 1 },
  });
