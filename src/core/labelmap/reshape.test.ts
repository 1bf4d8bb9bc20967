import { describe, expect, it } from 'vitest';
import { patientPoint } from '../geometry/coordinates.ts';
import { type Stack, stackOf } from '../geometry/stack.ts';
import { fillBetween } from './fillBetween.ts';
import { countParts, keepLargest, removeIslands } from './islands.ts';
import type { SliceMask } from './labelmap.ts';
import { pixelCount } from './measureVolume.ts';
import { smooth } from './smooth.ts';

const COLUMNS = 40;
const ROWS = 30;

const stackAt = (...positions: readonly number[]): Stack =>
  stackOf(
    positions.map((z) => ({
      rows: ROWS,
      columns: COLUMNS,
      rowSpacing: 1,
      columnSpacing: 1,
      position: patientPoint(0, 0, z),
      rowDirection: [1, 0, 0] as const,
      columnDirection: [0, 1, 0] as const,
    })),
  );

function maskOf(inside: (x: number, y: number) => boolean): SliceMask {
  return Uint8Array.from({ length: COLUMNS * ROWS }, (_, index) =>
    inside(index % COLUMNS, Math.floor(index / COLUMNS)) ? 1 : 0,
  );
}
const disc = (x: number, y: number, radius: number): SliceMask => maskOf((u, v) => Math.hypot(u - x, v - y) <= radius);
const union = (...masks: readonly SliceMask[]): SliceMask =>
  masks.reduce((all, mask) => all.map((value, index) => value | mask[index]!));

describe('connected parts', () => {
  it('are joined by a corner of a pixel, on a slice and from slice to slice', () => {
    const stairs = maskOf((x, y) => x === y && x < 5);
    expect(countParts(new Map([[3, stairs]]), COLUMNS)).toBe(1);
    const corner = maskOf((x, y) => x === 5 && y === 5);
    expect(
      countParts(
        new Map([
          [3, stairs],
          [4, corner],
        ]),
        COLUMNS,
      ),
    ).toBe(1);
    expect(
      countParts(
        new Map([
          [3, stairs],
          [5, corner],
        ]),
        COLUMNS,
      ),
    ).toBe(2);
  });

  it('do not go round the edge of the image, where the last pixel of a row is followed by the first of the next', () => {
    const edges = maskOf((x, y) => (x === COLUMNS - 1 && y === 4) || (x === 0 && y === 6));
    expect(countParts(new Map([[0, edges]]), COLUMNS)).toBe(2);
    const wrapped = maskOf((x, y) => (x === COLUMNS - 1 && y === 4) || (x === 0 && y === 5));
    expect(countParts(new Map([[0, wrapped]]), COLUMNS)).toBe(2);
  });

  it('are one where arms meet only on another slice', () => {
    const arms = maskOf((x, y) => y > 5 && y < 20 && (x === 4 || x === 12));
    const bridge = maskOf((x, y) => y === 19 && x >= 4 && x <= 12);
    expect(countParts(new Map([[0, arms]]), COLUMNS)).toBe(2);
    expect(
      countParts(
        new Map([
          [0, arms],
          [1, bridge],
        ]),
        COLUMNS,
      ),
    ).toBe(1);
  });
});

describe('keep largest', () => {
  it('counts voxels over all slices, not on one', () => {
    const long = new Map([0, 1, 2, 3].map((k) => [k, disc(8, 8, 3)] as const));
    const wide = disc(28, 20, 5);
    const voxels = new Map(long).set(1, union(long.get(1)!, wide));
    const changed = keepLargest(voxels, COLUMNS);
    expect([...changed.keys()]).toEqual([1]);
    expect(changed.get(1)).toEqual(long.get(1));
  });

  it('keeps one of two parts of the same size, and leaves a single part as it is', () => {
    const twins = new Map([[0, union(disc(8, 8, 3), disc(28, 20, 3))]]);
    expect(pixelCount(keepLargest(twins, COLUMNS).get(0)!)).toBe(pixelCount(disc(8, 8, 3)));
    expect(keepLargest(new Map([[0, disc(8, 8, 3)]]), COLUMNS).size).toBe(0);
    expect(keepLargest(new Map(), COLUMNS).size).toBe(0);
  });
});

describe('remove islands', () => {
  it('drops specks on any slice, and keeps a second part that is not small', () => {
    const speck = maskOf((x, y) => x === 36 && y === 3);
    const voxels = new Map([
      [0, union(disc(10, 15, 7), disc(30, 20, 4), speck)],
      [5, speck],
    ]);
    const changed = removeIslands(voxels, COLUMNS);
    expect(changed.get(0)).toEqual(union(disc(10, 15, 7), disc(30, 20, 4)));
    expect(changed.get(5)!.includes(1)).toBe(false);
  });
});

describe('fill between slices', () => {
  it('fills each gap with shapes between its ends, and leaves drawn slices alone', () => {
    const voxels = new Map([
      [0, disc(15, 15, 4)],
      [4, disc(15, 15, 10)],
      [6, disc(15, 15, 10)],
    ]);
    const filled = fillBetween(voxels, stackAt(0, 2, 4, 6, 8, 10, 12));
    expect([...filled.keys()].sort()).toEqual([1, 2, 3, 5]);
    const areas = [1, 2, 3].map((k) => pixelCount(filled.get(k)!));
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    expect(areas[1]).toBeCloseTo(pixelCount(disc(15, 15, 7)), -1);
    expect(filled.get(5)).toEqual(disc(15, 15, 10));
  });

  it('goes by position, not by number, where slices are not evenly spaced', () => {
    const voxels = new Map([
      [0, disc(15, 15, 4)],
      [2, disc(15, 15, 10)],
    ]);
    const near = pixelCount(fillBetween(voxels, stackAt(0, 9, 10)).get(1)!);
    expect(near).toBeGreaterThan(pixelCount(disc(15, 15, 8.5)));
  });

  it('fills nothing where there is nothing to fill', () => {
    expect(fillBetween(new Map([[2, disc(15, 15, 4)]]), stackAt(0, 1, 2)).size).toBe(0);
    const apart = new Map([
      [0, disc(6, 6, 3)],
      [2, disc(33, 24, 3)],
    ]);
    expect(fillBetween(apart, stackAt(0, 1, 2)).size).toBe(0);
  });
});

describe('smooth', () => {
  const area = (mask: SliceMask | undefined): number => (mask === undefined ? 0 : pixelCount(mask));

  it('takes off a spike and fills a notch, and hardly changes the area', () => {
    const body = disc(18, 15, 8);
    const spiked = union(
      body,
      maskOf((x, y) => y === 15 && x > 20 && x < 34),
    );
    const notched = spiked.map((value, index) => (index % COLUMNS === 18 && index < 11 * COLUMNS ? 0 : value));
    const smoothed = smooth(new Map([[1, notched]]), stackAt(0, 5, 10)).get(1)!;
    expect(smoothed[15 * COLUMNS + 32]).toBe(0);
    expect(smoothed[9 * COLUMNS + 18]).toBe(1);
    expect(Math.abs(area(smoothed) - area(body)) / area(body)).toBeLessThan(0.05);
  });

  it('keeps the end slices of a lesion', () => {
    const voxels = new Map([0, 1, 2].map((k) => [k, disc(18, 15, 8)] as const));
    const smoothed = smooth(voxels, stackAt(0, 1, 2, 3));
    for (const k of [0, 1, 2]) {
      expect(area(smoothed.get(k) ?? voxels.get(k))).toBeGreaterThan(0.9 * area(voxels.get(k)));
    }
  });

  it('evens out a slice that sticks out between thin neighbours, not between thick ones', () => {
    const voxels = new Map([0, 1, 2].map((k) => [k, disc(18, 15, k === 1 ? 9 : 6)] as const));
    const thin = smooth(voxels, stackAt(0, 0.5, 1)).get(1)!;
    const thick = smooth(voxels, stackAt(0, 8, 16)).get(1);
    expect(area(thin)).toBeLessThan(0.8 * area(voxels.get(1)));
    expect(area(thick ?? voxels.get(1))).toBeGreaterThan(0.95 * area(voxels.get(1)));
  });

  it('removes a lone pixel and says so with an empty mask', () => {
    const lone = smooth(new Map([[0, maskOf((x, y) => x === 3 && y === 3)]]), stackAt(0, 1));
    expect(lone.get(0)?.includes(1)).toBe(false);
  });
});
