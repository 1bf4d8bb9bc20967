import type { BesideSeries, CallOptions } from '#extension-api';
import { imageValues } from './imageValues.ts';
import { seriesOfImages } from './seriesOfImages.ts';

/** Requests under way at one time: the host loads what is on its screen too. */
const PARALLEL = 3;

/**
 * Another series of a host, by its own image ids and into its own cache. A cancelled call rejects; so does one whose images are no
 * series.
 * @param imageIds in any order, with their metadata registered
 */
export async function readImagesBeside(
  imageIds: readonly string[],
  { signal, onProgress }: CallOptions,
): Promise<BesideSeries> {
  const images = seriesOfImages(imageIds);
  if (!images.ok) throw new Error(images.error.message);
  const { imageIds: inOrder, series } = images.value;
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
  return { slicePixels: valuesOf, release: () => {} };
}
