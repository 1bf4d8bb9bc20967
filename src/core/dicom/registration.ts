import { type ParallelShift, parallelShift } from '../geometry/parallelShift.ts';
import type { ImageSeries } from './imageSeries.ts';

type Framed = Pick<ImageSeries, 'frameOfReferenceUID'>;

/**
 * Why nothing says where one series lies in the other; undefined where both name the same frame of reference (PS3.3 C.7.4.1). What
 * is nearly alike, or has the same number of slices, says nothing.
 */
export function frameObstacle(a: Framed, b: Framed): 'no-frame' | 'other-frame' | undefined {
  if (a.frameOfReferenceUID === undefined || b.frameOfReferenceUID === undefined) return 'no-frame';
  return a.frameOfReferenceUID === b.frameOfReferenceUID ? undefined : 'other-frame';
}

/** Where the same place of the patient lies in another series, where their slices are parallel. */
export type Registration =
  | { readonly kind: 'parallel'; readonly shift: ParallelShift }
  | { readonly kind: 'apart'; readonly reason: 'no-frame' | 'other-frame' | 'not-parallel' };

/** From a series to another one. `not-parallel` too where one of the two is no regular grid. */
export function registration(
  from: Pick<ImageSeries, 'frameOfReferenceUID' | 'stack'>,
  to: Pick<ImageSeries, 'frameOfReferenceUID' | 'stack'>,
): Registration {
  const obstacle = frameObstacle(from, to);
  if (obstacle !== undefined) return { kind: 'apart', reason: obstacle };
  const shift = parallelShift(from.stack, to.stack);
  return shift === undefined ? { kind: 'apart', reason: 'not-parallel' } : { kind: 'parallel', shift };
}
