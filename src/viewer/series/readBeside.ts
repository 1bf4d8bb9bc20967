import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { BesideSeries, CallOptions, StudySource } from '#extension-api';
import { newOpening } from './beginOpening.ts';
import type { SliceIndex } from './openSlices.ts';
import { releaseSeries } from './release.ts';
import { loadAllSlices } from './sliceLoading.ts';
import { slicePixels } from './slicePixels.ts';

/** A series into memory, those slices first that are next to its middle. Nothing on the screen changes. A cancelled call rejects. */
export async function readBeside(
  index: SliceIndex,
  source: StudySource,
  series: ImageSeries,
  { signal, onProgress }: CallOptions,
): Promise<BesideSeries> {
  const slices = newOpening(series, source);
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    signal?.removeEventListener('abort', release);
    slices.closing.abort(new DOMException('The series was closed', 'AbortError'));
    releaseSeries(slices);
    index.remove(slices);
  };
  signal?.throwIfAborted();
  signal?.addEventListener('abort', release);
  index.add(slices);
  const middle = slices.imageIds.length >> 1;
  try {
    await loadAllSlices(
      slices,
      () => middle,
      (done, total) => onProgress?.(done, total),
    );
  } catch (thrown) {
    release();
    throw thrown;
  }
  return { slicePixels: (k, options) => slicePixels(slices, k, options), release };
}
