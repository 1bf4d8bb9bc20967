import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, patientToSlice } from '#core/geometry/imagePlane.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { valueText } from '../series/valueAt.ts';
import type { CursorReading, ViewportSlot } from '../viewer.ts';
import { nearestSlice } from './crosshairs.ts';

/** What lies at a point of the patient: the nearest voxel and its value; undefined outside of the series. */
export function readingAt(slices: OpenSlices, slot: ViewportSlot, point: PatientPoint): CursorReading | undefined {
  const { stack } = slices.series;
  const k = nearestSlice(stack, point);
  const plane = stack.planes[k];
  if (plane === undefined) return undefined;
  // Beyond the last slice there is nothing, however near the nearest one is.
  if (Math.abs(distanceToPlane(plane, point)) > (stack.sliceSpacing ?? 1)) return undefined;
  const [x, y] = patientToSlice(plane, point);
  const [i, j] = [Math.round(x), Math.round(y)];
  const value = valueText(slices, i, j, k);
  return value === undefined ? undefined : { slot, value, voxel: [i, j, k] };
}
