import { type PatientPoint, type Vector3, type VoxelPoint, voxelPoint } from './coordinates.ts';
import { displacement, dot, moved } from './vector.ts';

/** A regular grid of voxels: (i, j, k) are column, row and slice; index = (k * rows + j) * columns + i. */
export interface VoxelGrid {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** mm between voxel centres along i, j, k. */
  readonly spacing: Vector3;
  /** Centre of voxel (0, 0, 0). */
  readonly origin: PatientPoint;
  /** Unit directions of i, j, k; mutually orthogonal. */
  readonly directions: readonly [Vector3, Vector3, Vector3];
}

export const voxelToPatient = (grid: VoxelGrid, [i, j, k]: VoxelPoint): PatientPoint =>
  moved(
    grid.origin,
    [grid.directions[0], i * grid.spacing[0]],
    [grid.directions[1], j * grid.spacing[1]],
    [grid.directions[2], k * grid.spacing[2]],
  );

export function patientToVoxel(grid: VoxelGrid, point: PatientPoint): VoxelPoint {
  const offset = displacement(grid.origin, point);
  return voxelPoint(
    dot(offset, grid.directions[0]) / grid.spacing[0],
    dot(offset, grid.directions[1]) / grid.spacing[1],
    dot(offset, grid.directions[2]) / grid.spacing[2],
  );
}
