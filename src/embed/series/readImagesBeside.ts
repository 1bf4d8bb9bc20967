import type { ImageSeries, SliceFrame } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BesideSeries, CallOptions } from '#extension-api';
import { imageValues } from './imageValues.ts';
import { seriesOfImages } from './seriesOfImages.ts';

/** Requests under way at one time: the host loads what is on its screen too. */
const PARALLEL = 3;

/**
 * Another series of a host, by its own image ids and into its own cache. Slice k is frame k of `series`, or there is none: a host may
 * show a part of a series, or leave images out, and a shifted index would be another place. A cancelled call rejects.
 * @param imageIds in any order, with their metadata registered
 * @returns errors of {@link seriesOfImages}; `other-images`
 */
export async function readImagesBeside(
  imageIds: readonly string[],
  { frames }: Pick<ImageSeries, 'frames'>,
  { signal, onProgress }: CallOptions,
): Promise<Result<BesideSeries>> {
  const images = seriesOfImages(imageIds);
  if (!images.ok) return images;
  const { imageIds: inOrder, series } = images.value;
  if (!sameFrames(series.frames, frames)) {
    return err(appError('other-images', 'The viewer has not the same images of this series as the archive.'));
  }
  const valuesOf = (k: number, options: CallOptions = {}) =>
    imageValues(inOrder[k]!, k, series.frames[k]!.lut, options);
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    while (next < inOrder.length) {
      const k = next;
      next += 1;
      signal?.throwIfAborted();
      // One that fails says so again when it is asked for.
      await valuesOf(k, signal === undefined ? {} : { signal });
      done += 1;
      onProgress?.(done, inOrder.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  // The host's cache is the host's to empty.
  return ok({ slicePixels: valuesOf, release: () => {} });
}

const sameFrames = (a: readonly SliceFrame[], b: readonly SliceFrame[]): boolean =>
  a.length === b.length &&
  a.every(
    ({ sopInstanceUID, frameNumber }, k) =>
      sopInstanceUID === b[k]!.sopInstanceUID && (frameNumber ?? 1) === (b[k]!.frameNumber ?? 1),
  );
