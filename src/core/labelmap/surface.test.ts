import { describe, expect, it } from 'vitest';
import { patientPoint } from '../geometry/coordinates.ts';
import type { VoxelGrid } from '../geometry/voxelGrid.ts';
import { surfaceOf } from './surface.ts';

const SIZE = 40;
/** A coronal acquisition with thick slices, so that no axis can stand for another. */
const GRID: VoxelGrid = {
  columns: SIZE,
  rows: SIZE,
  slices: 20,
  spacing: [0.8, 0.8, 3],
  origin: patientPoint(-100, 40, 250),
  directions: [
    [1, 0, 0],
    [0, 0, -1],
    [0, 1, 0],
  ],
};

const masks = (inside: (i: number, j: number, k: number) => boolean) =>
  new Map(
    Array.from({ length: GRID.slices }, (_, k) => [
      k,
      Uint8Array.from({ length: SIZE * SIZE }, (_cell, at) => (inside(at % SIZE, Math.floor(at / SIZE), k) ? 1 : 0)),
    ]),
  );

const extent = (points: Float32Array, axis: number): readonly [number, number] => {
  const values = points.filter((_, at) => at % 3 === axis);
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
};

/** By the divergence theorem; positive where triangles face outwards. */
function volumeOf({ points, triangles }: { readonly points: Float32Array; readonly triangles: Uint32Array }): number {
  let six = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((corner) => [
      ...points.subarray(triangles[at + corner]! * 3, triangles[at + corner]! * 3 + 3),
    ]);
    six +=
      a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) -
      a![1]! * (b![0]! * c![2]! - b![2]! * c![0]!) +
      a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!);
  }
  return six / 6;
}

describe('the surface of a segment', () => {
  const ball = masks((i, j, k) => ((i - 20) * 0.8) ** 2 + ((j - 18) * 0.8) ** 2 + ((k - 9) * 3) ** 2 <= 144);

  it('lies where the voxels lie in the patient, within half a voxel', () => {
    const surface = surfaceOf(ball, GRID)!;
    const [x, y, z] = [0, 1, 2].map((axis) => extent(surface.points, axis));
    expect(x![0]).toBeGreaterThan(-100 + 16 - 12.9);
    expect(x![0]).toBeLessThan(-100 + 16 - 11.1);
    expect(x![1]).toBeCloseTo(-84 + 12, 0);
    expect(y![0]).toBeLessThanOrEqual(40 + 27 - 10.5);
    expect(y![1] - y![0]).toBeGreaterThan(21);
    expect(y![1] - y![0]).toBeLessThan(27.1);
    expect((z![0] + z![1]) / 2).toBeCloseTo(250 - 18 * 0.8, 0);
  });

  it('holds about the volume of the voxels, faces outwards, and has its normals so', () => {
    const surface = surfaceOf(ball, GRID)!;
    const voxels = [...ball.values()].reduce((sum, mask) => sum + mask.reduce((a, b) => a + b, 0), 0);
    expect(volumeOf(surface) / (voxels * 0.8 * 0.8 * 3)).toBeGreaterThan(0.93);
    expect(volumeOf(surface) / (voxels * 0.8 * 0.8 * 3)).toBeLessThan(1.02);
    const centre = [-84, 67, 250 - 14.4];
    for (let at = 0; at < surface.points.length; at += 3) {
      const outward = [0, 1, 2].reduce(
        (sum, axis) => sum + (surface.points[at + axis]! - centre[axis]!) * surface.normals[at + axis]!,
        0,
      );
      expect(outward).toBeGreaterThan(0);
    }
  });

  it('is closed at the edges of the image: every edge has two triangles, once in each direction', () => {
    const { triangles } = surfaceOf(
      masks((i, j, k) => i < 3 && j > 36 && k < 2),
      GRID,
    )!;
    const edges = new Map<string, number>();
    for (let at = 0; at < triangles.length; at += 3) {
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const [from, to] = [triangles[at + a]!, triangles[at + b]!];
        const key = `${Math.min(from, to)} ${Math.max(from, to)}`;
        edges.set(key, (edges.get(key) ?? 0) + (from < to ? 1 : -1));
      }
    }
    expect([...edges.values()].every((sum) => sum === 0)).toBe(true);
    expect(edges.size).toBeGreaterThan(20);
  });

  it('is none of no voxels', () => {
    expect(surfaceOf(new Map([[3, new Uint8Array(SIZE * SIZE)]]), GRID)).toBeUndefined();
  });
});
