import type { Vector3 } from '#core/geometry/coordinates.ts';
import { voxelPoint } from '#core/geometry/coordinates.ts';
import { type VoxelGrid, voxelToPatient } from '#core/geometry/voxelGrid.ts';

/** A volume of bytes, small enough to be drawn as a whole without a fast graphics card. */
export interface ReducedVolume {
  /** 0 at or below `lower`, 255 at or above `upper`. */
  readonly values: Uint8Array;
  readonly grid: VoxelGrid;
}

/** Most voxels along a side. */
const SIDE = 128;

/**
 * Every voxel of the result is the mean of a block of voxels of one slice in the block's middle; what is left over at the far ends
 * is cut off. In pieces.
 * @param values modality values of slice k
 */
export function* reduceInPieces(
  values: (k: number) => ArrayLike<number> | undefined,
  grid: VoxelGrid,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): Generator<void, ReducedVolume> {
  const reduced = reducedGrid(grid);
  const [si, sj, sk] = stepsOf(grid);
  const bytes = new Uint8Array(reduced.columns * reduced.rows * reduced.slices);
  const scale = 255 / (upper - lower);
  for (let k = 0; k < reduced.slices; k += 1) {
    const slice = values(k * sk + (sk >> 1));
    for (let j = 0; slice !== undefined && j < reduced.rows; j += 1) {
      for (let i = 0; i < reduced.columns; i += 1) {
        let sum = 0;
        for (let y = j * sj; y < (j + 1) * sj; y += 1)
          for (let x = i * si; x < (i + 1) * si; x += 1) sum += slice[y * grid.columns + x]!;
        const byte = (sum / (si * sj) - lower) * scale;
        bytes[(k * reduced.rows + j) * reduced.columns + i] = Math.min(255, Math.max(0, byte));
      }
    }
    yield;
  }
  return { values: bytes, grid: reduced };
}

const stepsOf = ({ columns, rows, slices }: VoxelGrid): Vector3 => [
  Math.ceil(columns / SIDE),
  Math.ceil(rows / SIDE),
  Math.ceil(slices / SIDE),
];

function reducedGrid(grid: VoxelGrid): VoxelGrid {
  const steps = stepsOf(grid);
  const [si, sj, sk] = steps;
  return {
    columns: Math.floor(grid.columns / si),
    rows: Math.floor(grid.rows / sj),
    slices: Math.floor(grid.slices / sk),
    spacing: [grid.spacing[0] * si, grid.spacing[1] * sj, grid.spacing[2] * sk],
    origin: voxelToPatient(grid, voxelPoint((si - 1) / 2, (sj - 1) / 2, sk >> 1)),
    directions: grid.directions,
  };
}
