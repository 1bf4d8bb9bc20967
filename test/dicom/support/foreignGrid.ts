import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

/** A volume as another program sees it: index of the voxel that holds a patient point (LPS), and whether it is set. */
export interface ForeignGrid {
  readonly size: readonly [number, number, number];
  readonly indexOf: (point: PatientPoint) => readonly [number, number, number];
  readonly isSet: (voxel: number) => boolean;
}

/** Voxels that differ between a segment and what another program made of it; -1 where a voxel lies on no voxel of its grid. */
export function differingVoxels(
  series: ImageSeries,
  slices: ReadonlyMap<number, SliceMask>,
  grid: ForeignGrid,
): number {
  const [columns, rows, depth] = grid.size;
  const expected = new Set<number>();
  for (const [k, mask] of slices) {
    const plane = series.stack.planes[k]!;
    for (let index = mask.indexOf(1); index !== -1; index = mask.indexOf(1, index + 1)) {
      const column = index % plane.columns;
      const exact = grid.indexOf(sliceToPatient(plane, slicePoint(column, (index - column) / plane.columns)));
      const [x, y, z] = exact.map(Math.round) as [number, number, number];
      const off = Math.max(...exact.map((value) => Math.abs(value - Math.round(value))));
      const inside = x >= 0 && y >= 0 && z >= 0 && x < columns && y < rows && z < depth;
      if (off > 0.05 || !inside) return -1;
      expected.add((z * rows + y) * columns + x);
    }
  }
  let differing = 0;
  for (let voxel = 0; voxel < columns * rows * depth; voxel += 1) {
    if (grid.isSet(voxel) !== expected.has(voxel)) differing += 1;
  }
  return differing;
}
