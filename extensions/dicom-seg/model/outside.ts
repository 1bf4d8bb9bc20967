import { slicePoint } from '#core/geometry/coordinates.ts';
import { type ImagePlane, patientToSlice, sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { dot } from '#core/geometry/vector.ts';
import type { FrameMask } from './frameMasks.ts';

/** Voxels of an object, and those of them whose centre lies in no voxel of a stack. */
export function voxelsOutside(
  masks: readonly FrameMask[],
  stack: Stack,
): { readonly all: number; readonly outside: number } {
  let all = 0;
  let outside = 0;
  for (const { frame, mask } of masks) {
    const { plane } = frame;
    for (let index = mask.indexOf(1); index !== -1; index = mask.indexOf(1, index + 1)) {
      all += 1;
      if (plane !== undefined && !isInside(plane, index, stack)) outside += 1;
    }
  }
  return { all, outside };
}

function isInside(plane: ImagePlane, index: number, stack: Stack): boolean {
  const column = index % plane.columns;
  const point = sliceToPatient(plane, slicePoint(column, (index - column) / plane.columns));
  const half = (stack.sliceSpacing ?? 1) / 2 + 1e-6;
  const at = dot(point, stack.normal);
  if (at < stack.positions[0]! - half || at > stack.positions.at(-1)! + half) return false;
  const first = stack.planes[0]!;
  const [x, y] = patientToSlice(first, point);
  return x >= -0.5 && y >= -0.5 && x <= first.columns - 0.5 && y <= first.rows - 0.5;
}
