import { describe, expect, it } from 'vitest';
import { patientPoint, voxelPoint } from '#core/geometry/coordinates.ts';
import { type VoxelGrid, voxelToPatient } from '#core/geometry/voxelGrid.ts';
import { inPieces } from './inPieces.ts';
import { reduceInPieces } from './reducedVolume.ts';

const grid = (columns: number, rows: number, slices: number): VoxelGrid => ({
  columns,
  rows,
  slices,
  spacing: [0.5, 0.5, 2],
  origin: patientPoint(10, 20, 30),
  directions: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
});

describe('a volume for the 3D view', () => {
  it('is small, keeps its place in the patient, and the mean of each block', async () => {
    const large = grid(300, 256, 20);
    const slice = (k: number) => Int16Array.from({ length: 300 * 256 }, (_, at) => (at % 300) - 1000 + k);
    const reduced = await inPieces(
      reduceInPieces(slice, large, { lower: -1000, upper: -490 }),
      new AbortController().signal,
    );
    expect([reduced.grid.columns, reduced.grid.rows, reduced.grid.slices]).toEqual([100, 128, 20]);
    expect(reduced.grid.spacing).toEqual([1.5, 1, 2]);
    expect(voxelToPatient(reduced.grid, voxelPoint(0, 0, 4))).toEqual([10.5, 20.25, 38]);
    // Columns 30, 31, 32 of slice 6: mean 31 + 6 above the lower end, halved into bytes.
    expect(reduced.values[6 * 128 * 100 + 10]).toBe(18);
  });

  it('is given up when nobody waits for it any more', async () => {
    const stopped = new AbortController();
    const work = inPieces(
      reduceInPieces(() => new Int16Array(64), grid(8, 8, 8), { lower: 0, upper: 1 }),
      stopped.signal,
    );
    stopped.abort();
    await expect(
      inPieces(
        reduceInPieces(() => undefined, grid(8, 8, 8), { lower: 0, upper: 1 }),
        stopped.signal,
      ),
    ).rejects.toThrow();
    await work.catch(() => undefined);
  });
});
