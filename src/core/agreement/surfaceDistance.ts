import type { SegmentVoxels } from '../labelmap/labelmap.ts';
import { distanceTransform, type LatticeSize } from './distanceTransform.ts';
import { cornerBit, FULL_CELL, surfelAreas } from './surfelAreas.ts';

/** The grid on which two segmentations are compared. */
export interface MaskGrid {
  readonly columns: number;
  readonly rows: number;
  /** mm between columns, rows and slices. */
  readonly spacing: readonly [column: number, row: number, slice: number];
}

/** Elements of one surface, ascending in their distance to the other one. */
export interface Surfels {
  /** mm; Infinity where the other surface does not exist. */
  readonly distances: Float64Array;
  /** mm². */
  readonly areas: Float64Array;
}

/** Each of two surfaces, measured to the other. */
export interface SurfaceDistances {
  readonly truth: Surfels;
  readonly found: Surfels;
}

/**
 * Distances between the surfaces of two segmentations, element by element. A surface element is a cell of 2x2x2 voxel
 * centres that is neither empty nor full; its distance is that to the nearest such cell of the other surface, its area that of
 * the marching-cubes triangles in it. What lies outside the masks' slices and images counts as empty.
 */
export function surfaceDistances(truth: SegmentVoxels, found: SegmentVoxels, grid: MaskGrid): SurfaceDistances {
  const bounds = boundsOf([truth, found], grid.columns);
  if (bounds === undefined) return { truth: NO_SURFACE, found: NO_SURFACE };
  const size = { x: bounds.x1 - bounds.x0 + 2, y: bounds.y1 - bounds.y0 + 2, z: bounds.z1 - bounds.z0 + 2 };
  const codes = [truth, found].map((masks) => neighbourCodes(masks, grid.columns, bounds, size)) as [
    Uint8Array,
    Uint8Array,
  ];
  const areas = surfelAreas(grid.spacing);
  const [toTruth, toFound] = codes.map((code) => distanceTransform(code.map(isSurface), size, grid.spacing)) as [
    Float64Array,
    Float64Array,
  ];
  return { truth: surfelsOf(codes[0], toFound, areas), found: surfelsOf(codes[1], toTruth, areas) };
}

/**
 * Share of the two surfaces that lies within a tolerance of the other; 1 where both are empty.
 * @param tolerance mm
 */
export function surfaceDice({ truth, found }: SurfaceDistances, tolerance: number): number {
  const total = sum(truth.areas) + sum(found.areas);
  return total === 0 ? 1 : (areaWithin(truth, tolerance) + areaWithin(found, tolerance)) / total;
}

/**
 * The distance, mm, that the given part of each surface does not exceed, the larger of the two; Infinity where one
 * surface does not exist, 0 where both do not.
 * @param part 0 to 1, of the area: 0.95 for HD95
 */
export function robustHausdorff({ truth, found }: SurfaceDistances, part: number): number {
  if (truth.areas.length === 0 && found.areas.length === 0) return 0;
  return Math.max(quantile(truth, part), quantile(found, part));
}

interface Bounds {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly z0: number;
  readonly z1: number;
}

function boundsOf(segmentations: readonly SegmentVoxels[], columns: number): Bounds | undefined {
  let [x0, x1, y0, y1, z0, z1] = [Infinity, -1, Infinity, -1, Infinity, -Infinity];
  for (const masks of segmentations) {
    for (const [k, mask] of masks) {
      for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
        const x = index % columns;
        const y = (index - x) / columns;
        [x0, x1] = [Math.min(x0, x), Math.max(x1, x)];
        [y0, y1] = [Math.min(y0, y), Math.max(y1, y)];
        [z0, z1] = [Math.min(z0, k), Math.max(z1, k)];
      }
    }
  }
  return x1 < 0 ? undefined : { x0, x1, y0, y1, z0, z1 };
}

/** Which corners of each cell are inside; cell (0, 0, 0) has its highest corner on the lowest voxel of the bounds. */
function neighbourCodes(masks: SegmentVoxels, columns: number, bounds: Bounds, size: LatticeSize): Uint8Array {
  const codes = new Uint8Array(size.x * size.y * size.z);
  for (const [k, mask] of masks) {
    for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
      const column = index % columns;
      const x = column - bounds.x0;
      const y = (index - column) / columns - bounds.y0;
      const z = k - bounds.z0;
      for (let corner = 0; corner < 8; corner += 1) {
        const [dx, dy, dz] = [corner & 1, (corner >> 1) & 1, corner >> 2];
        const cell = ((z + 1 - dz) * size.y + y + 1 - dy) * size.x + x + 1 - dx;
        codes[cell] = codes[cell]! | cornerBit(dx, dy, dz);
      }
    }
  }
  return codes;
}

const isSurface = (code: number): number => (code !== 0 && code !== FULL_CELL ? 1 : 0);

function surfelsOf(codes: Uint8Array, distanceToOther: Float64Array, areaOf: Float64Array): Surfels {
  const cells = Uint32Array.from(codes.keys()).filter((cell) => isSurface(codes[cell]!) === 1);
  cells.sort((a, b) => {
    const [near, far] = [distanceToOther[a]!, distanceToOther[b]!];
    return near === far ? 0 : near - far;
  });
  return {
    distances: Float64Array.from(cells, (cell) => distanceToOther[cell]!),
    areas: Float64Array.from(cells, (cell) => areaOf[codes[cell]!]!),
  };
}

const NO_SURFACE: Surfels = { distances: new Float64Array(0), areas: new Float64Array(0) };

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function areaWithin({ distances, areas }: Surfels, tolerance: number): number {
  let area = 0;
  for (let index = 0; index < areas.length && distances[index]! <= tolerance; index += 1) area += areas[index]!;
  return area;
}

function quantile({ distances, areas }: Surfels, part: number): number {
  const total = sum(areas);
  let area = 0;
  for (let index = 0; index < areas.length; index += 1) {
    area += areas[index]!;
    if (area / total >= part) return distances[index]!;
  }
  return distances.at(-1) ?? Infinity;
}
