import type { Vector3 } from '../geometry/coordinates.ts';
import { voxelPoint } from '../geometry/coordinates.ts';
import { cross, normalize } from '../geometry/vector.ts';
import { type VoxelGrid, voxelToPatient } from '../geometry/voxelGrid.ts';
import type { SegmentVoxels } from './labelmap.ts';

/** A closed surface of triangles in the patient. */
export interface Surface {
  /** x, y, z of each vertex, mm. */
  readonly points: Float32Array;
  /** Outward, one for each vertex. */
  readonly normals: Float32Array;
  /** Three vertices for each triangle, counter-clockwise as seen from outside. */
  readonly triangles: Uint32Array;
}

/** Rounds of evening out: the steps of slices go, the size stays within half a voxel. */
const ROUNDS = 4;
/** How far a vertex may leave the middle of its cell, voxels. */
const FARTHEST = 0.5;

interface Mesh {
  /** i, j, k of each vertex. */
  readonly voxels: number[];
  /** Four vertices for each face between an inner and an outer voxel. */
  readonly quads: number[];
}

/**
 * The surface of a segment by surface nets (S. F. F. Gibson, Constrained Elastic Surface Nets, MICCAI 1998): a vertex in every cell
 * of eight voxel centres that are not all inside or all outside, joined across every face between them, then evened out without
 * leaving the cells. In pieces, for whoever must not hold the screen: to be run until it returns.
 * @param voxels masks of `columns x rows` by slice
 * @returns undefined where there is no voxel
 */
export function* surfaceInPieces(voxels: SegmentVoxels, grid: VoxelGrid): Generator<void, Surface | undefined> {
  const box: Box = { i0: grid.columns, i1: -1, j0: grid.rows, j1: -1, k0: Number.MAX_SAFE_INTEGER, k1: -1 };
  for (const [k, mask] of voxels) {
    extend(box, mask, k, grid.columns);
    yield;
  }
  if (box.k1 < 0) return undefined;
  const mesh: Mesh = { voxels: [], quads: [] };
  const width = grid.columns + 1;
  // Vertex by cell, of the layer in hand and the one before; cells begin one voxel before the image.
  let before = new Int32Array(width * (grid.rows + 1)).fill(-1);
  let layer = before.slice();
  for (let k = box.k0 - 1; k <= box.k1; k += 1) {
    layer.fill(-1);
    addLayer(mesh, [voxels.get(k), voxels.get(k + 1)], k, grid, box, layer, before);
    [before, layer] = [layer, before];
    yield;
  }
  const even = Float64Array.from(mesh.voxels);
  for (let round = 0; round < ROUNDS; round += 1) {
    evenOut(even, mesh);
    yield;
  }
  return placed(even, mesh, grid);
}

/** What the voxels lie in, inclusive. */
interface Box {
  i0: number;
  i1: number;
  j0: number;
  j1: number;
  k0: number;
  k1: number;
}

function extend(box: Box, mask: Uint8Array, k: number, columns: number): void {
  for (let at = mask.indexOf(1); at >= 0 && at < mask.length; at += 1) {
    if (mask[at] !== 1) continue;
    const [i, j] = [at % columns, Math.floor(at / columns)];
    box.i0 = Math.min(box.i0, i);
    box.i1 = Math.max(box.i1, i);
    box.j0 = Math.min(box.j0, j);
    box.j1 = Math.max(box.j1, j);
    box.k0 = Math.min(box.k0, k);
    box.k1 = Math.max(box.k1, k);
  }
}

/** All of it at once. */
export function surfaceOf(voxels: SegmentVoxels, grid: VoxelGrid): Surface | undefined {
  const pieces = surfaceInPieces(voxels, grid);
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}

/** The cells between two slices, and the faces that end in them. */
function addLayer(
  { voxels, quads }: Mesh,
  [lower, upper]: readonly [Uint8Array | undefined, Uint8Array | undefined],
  k: number,
  { columns, rows }: VoxelGrid,
  { i0, i1, j0, j1 }: Box,
  layer: Int32Array,
  before: Int32Array,
): void {
  const width = columns + 1;
  const at = (mask: Uint8Array | undefined, i: number, j: number): number =>
    mask === undefined || i < 0 || j < 0 || i >= columns || j >= rows ? 0 : mask[j * columns + i]!;
  for (let j = j0 - 1; j <= j1; j += 1) {
    for (let i = i0 - 1; i <= i1; i += 1) {
      const [a, b, c, d] = [at(lower, i, j), at(lower, i + 1, j), at(lower, i, j + 1), at(lower, i + 1, j + 1)];
      const [e, f, g, h] = [at(upper, i, j), at(upper, i + 1, j), at(upper, i, j + 1), at(upper, i + 1, j + 1)];
      const inside = a + b + c + d + e + f + g + h;
      if (inside === 0 || inside === 8) continue;
      const cell = (j + 1) * width + i + 1;
      const vertex = voxels.length / 3;
      layer[cell] = vertex;
      voxels.push(i + 0.5, j + 0.5, k + 0.5);
      // Of the voxel (i, j, k), the three faces to its next neighbours: each joins the four cells around it.
      if (a !== b) addQuad(quads, a === 1, vertex, layer[cell - width]!, before[cell - width]!, before[cell]!);
      if (a !== c) addQuad(quads, a === 1, vertex, before[cell]!, before[cell - 1]!, layer[cell - 1]!);
      if (a !== e) addQuad(quads, a === 1, vertex, layer[cell - 1]!, layer[cell - width - 1]!, layer[cell - width]!);
    }
  }
}

function addQuad(quads: number[], outward: boolean, a: number, b: number, c: number, d: number): void {
  if (outward) quads.push(a, b, c, d);
  else quads.push(a, d, c, b);
}

/** Every vertex goes to the middle of its neighbours, but not out of its cell. */
function evenOut(points: Float64Array, { voxels, quads }: Mesh): void {
  const sums = new Float64Array(points.length);
  const counts = new Uint16Array(points.length / 3);
  for (let at = 0; at < quads.length; at += 4) {
    for (let side = 0; side < 4; side += 1) {
      const [from, to] = [quads[at + side]!, quads[at + ((side + 1) & 3)]!];
      for (let axis = 0; axis < 3; axis += 1) {
        sums[from * 3 + axis]! += points[to * 3 + axis]!;
        sums[to * 3 + axis]! += points[from * 3 + axis]!;
      }
      counts[from]! += 1;
      counts[to]! += 1;
    }
  }
  for (let at = 0; at < points.length; at += 1) {
    const count = counts[Math.floor(at / 3)]!;
    const middle = voxels[at]!;
    if (count > 0) points[at] = Math.min(middle + FARTHEST, Math.max(middle - FARTHEST, sums[at]! / count));
  }
}

function placed(voxels: Float64Array, { quads }: Mesh, grid: VoxelGrid): Surface {
  const points = new Float32Array(voxels.length);
  for (let at = 0; at < voxels.length; at += 3) {
    points.set(voxelToPatient(grid, voxelPoint(voxels[at]!, voxels[at + 1]!, voxels[at + 2]!)), at);
  }
  const triangles = new Uint32Array((quads.length / 4) * 6);
  for (let quad = 0; quad < quads.length / 4; quad += 1) {
    const [a, b, c, d] = [quads[quad * 4]!, quads[quad * 4 + 1]!, quads[quad * 4 + 2]!, quads[quad * 4 + 3]!];
    triangles.set([a, b, c, a, c, d], quad * 6);
  }
  return { points, triangles, normals: normalsOf(points, triangles) };
}

function normalsOf(points: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(points.length);
  const side = (from: number, to: number): Vector3 => [
    points[to]! - points[from]!,
    points[to + 1]! - points[from + 1]!,
    points[to + 2]! - points[from + 2]!,
  ];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at]! * 3, triangles[at + 1]! * 3, triangles[at + 2]! * 3] as const;
    // As long as twice the triangle's area: large ones count for more.
    const normal = cross(side(corners[0], corners[1]), side(corners[0], corners[2]));
    for (const corner of corners) for (let axis = 0; axis < 3; axis += 1) normals[corner + axis]! += normal[axis]!;
  }
  for (let at = 0; at < normals.length; at += 3) {
    const normal: Vector3 = [normals[at]!, normals[at + 1]!, normals[at + 2]!];
    if (normal.some((component) => component !== 0)) normals.set(normalize(normal), at);
  }
  return normals;
}
