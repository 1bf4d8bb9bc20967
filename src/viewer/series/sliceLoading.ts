import { imageLoader } from '@cornerstonejs/core';
import { abortable } from './abortable.ts';
import type { OpenSlices } from './openSlices.ts';

/** Requests under way at one time: browsers open six connections to one host (HTTP/1.1). */
const PARALLEL_SLICES = 6;

/**
 * Loads all slices, those next to where the reader is first. Rejects only when the series is closed.
 * @param near slice index that the reader looks at now
 */
export async function loadAllSlices(
  slices: OpenSlices,
  near: () => number,
  onLoaded: (done: number, total: number) => void,
): Promise<void> {
  const waiting = new Set(slices.imageIds.keys());
  const total = slices.imageIds.length;
  const work = async (): Promise<void> => {
    for (let k = nearest(waiting, near()); k !== undefined; k = nearest(waiting, near())) {
      waiting.delete(k);
      await abortable(imageLoader.loadAndCacheImage(slices.imageIds[k]!), slices.closing.signal);
      done += 1;
      onLoaded(done, total);
    }
  };
  let done = 0;
  await Promise.all(Array.from({ length: PARALLEL_SLICES }, work));
}

function nearest(waiting: ReadonlySet<number>, k: number): number | undefined {
  let best: number | undefined;
  for (const candidate of waiting) {
    if (best === undefined || Math.abs(candidate - k) < Math.abs(best - k)) best = candidate;
  }
  return best;
}
