import { ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeRegion } from '../volume/region.ts';
import { planeOf, type RegionImage, regionImage, sampleAxis, slicesNeeded } from '../volume/sampling.ts';
import { pacer } from './pacer.ts';
import type { SliceSource } from './sliceSource.ts';

/**
 * A region as a series shows it, slice by slice.
 * @param region in the series' own millimetres
 * @param largestPooling most pixels along a side that are averaged into one
 * @returns errors of the source; `cancelled`
 */
export async function regionOfSeries(
  source: SliceSource,
  region: VolumeRegion,
  largestPooling: number,
  { signal }: InferenceOptions,
): Promise<Result<RegionImage>> {
  const { geometry, window } = source;
  const axis = sampleAxis(region, geometry);
  const planes = new Map<number, Float32Array>();
  const pause = pacer();
  for (const k of slicesNeeded(axis)) {
    const slice = await source.slice(k, { signal });
    if (!slice.ok) return slice;
    planes.set(k, planeOf(slice.value, window, region, geometry, largestPooling));
    await pause();
    if (signal?.aborted) return { ok: false, error: cancelled() };
  }
  await pause();
  return ok(regionImage(planes, axis, region, geometry, source));
}
