import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { ok, type Result } from '#core/result.ts';
import type { BesideSeries, CallOptions, ReadableState, StudySource } from '#extension-api';
import { abortable } from './abortable.ts';
import { newOpening } from './beginOpening.ts';
import type { SliceIndex } from './openSlices.ts';
import { releaseSeries } from './release.ts';
import { loadAllSlices } from './sliceLoading.ts';
import { slicePixels } from './slicePixels.ts';

/**
 * A series into memory, once the open one is there: what the reader looks at comes first. Nothing on the screen changes. A cancelled
 * call rejects.
 * @param loading of the open series; undefined when all its slices are there
 */
export async function readBeside(
  index: SliceIndex,
  loading: ReadableState<unknown>,
  source: StudySource,
  series: ImageSeries,
  { signal, onProgress }: CallOptions,
): Promise<Result<BesideSeries>> {
  await whenLoaded(loading, signal);
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
  return ok({ slicePixels: (k, options) => slicePixels(slices, k, options), release });
}

async function whenLoaded(loading: ReadableState<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (loading.getState() === undefined) return;
  let end = (): void => {};
  const loaded = new Promise<void>((resolve) => {
    end = loading.subscribe(() => {
      if (loading.getState() === undefined) resolve();
    });
  });
  await (signal === undefined ? loaded : abortable(loaded, signal)).finally(() => end());
}
