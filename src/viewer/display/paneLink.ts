import { frameObstacle } from '#core/dicom/registration.ts';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane } from '#core/geometry/imagePlane.ts';
import type { Stack } from '#core/geometry/stack.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { PaneLink } from '../viewer.ts';

type Placed = Pick<OpenSlices, 'series'>;

/**
 * Whether a point of one series is a point of the other: they must name the same frame of reference, and each slice must have one
 * place in the patient.
 */
export function linkBetween(a: Placed, b: Placed, wanted: boolean): PaneLink {
  const obstacle = frameObstacle(a.series, b.series);
  if (obstacle !== undefined) return { kind: 'apart', reason: obstacle };
  if (a.series.stack.use === 'view' || b.series.stack.use === 'view') return { kind: 'apart', reason: 'no-place' };
  return { kind: wanted ? 'linked' : 'free' };
}

/** Where a series has a single slice, so far from it a point counts as on it, mm. */
const ALONE_MM = 1;
/** Above the rounding of positions, below any slice distance, mm. */
const ROUNDING_MM = 0.01;

/**
 * How far a point lies from slice k, mm; undefined where it lies in it: within half the distance of slices, which is as near as
 * any slice of the series can be.
 */
export function awayFromSlice(stack: Stack, k: number, point: PatientPoint): number | undefined {
  const plane = stack.planes[k];
  if (plane === undefined) return undefined;
  const away = Math.abs(distanceToPlane(plane, point));
  return away > (stack.sliceSpacing ?? 2 * ALONE_MM) / 2 + ROUNDING_MM ? away : undefined;
}
