import { imageLoader, type Types } from '@cornerstonejs/core';
import { appError } from '#core/errors.ts';
import { applyModalityLut, type ModalityLut } from '#core/pixels/modalityLut.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';

/**
 * Modality values of an image of the host: what a model sees, whatever is on the screen. Loaders may have applied the modality
 * LUT already, and the SUV factor on top of it, which is taken off again.
 * @param k for messages
 */
export async function imageValues(
  imageId: string,
  k: number,
  lut: ModalityLut,
  { signal }: CallOptions = {},
): Promise<Result<SliceImage>> {
  const context = { slice: k + 1 };
  let image: Types.IImage;
  try {
    image = await imageLoader.loadAndCacheImage(imageId);
  } catch (cause) {
    signal?.throwIfAborted();
    return err(appError('pixels-unavailable', `The pixels of slice ${k + 1} are not available.`, { cause, context }));
  }
  signal?.throwIfAborted();
  if (image.color) {
    const message = 'The image is in colour: there are no intensities to segment.';
    return err(appError('pixels-unavailable', message, { context }));
  }
  return ok({ columns: image.columns, rows: image.rows, values: valuesOf(image, lut) });
}

function valuesOf(image: Types.IImage, lut: ModalityLut): Float32Array {
  const pixels = image.getPixelData();
  const { scaled = false, scalingParameters } = image.preScale ?? {};
  if (!scaled) return applyModalityLut(pixels, lut);
  const suv = scalingParameters?.suvbw;
  return typeof suv === 'number' && suv > 0
    ? Float32Array.from(pixels, (value) => value / suv)
    : new Float32Array(pixels);
}
