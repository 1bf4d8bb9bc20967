import { describe, expect, it } from 'vitest';
import { patientPoint } from '../geometry/coordinates.ts';
import type { ImagePlane } from '../geometry/imagePlane.ts';
import { stackOf } from '../geometry/stack.ts';
import type { SliceMask } from './labelmap.ts';
import { longestDiameter, sliceDiameter } from './measureDiameter.ts';
import { NO_VALUES, statisticsOf, withSliceValues } from './measureIntensity.ts';
import { segmentExtent, segmentVolume } from './measureVolume.ts';

const COLUMNS = 64;
const ROWS = 48;

const plane = (z: number, spacing: { row: number; column: number } = { row: 1, column: 1 }): ImagePlane => ({
  rows: ROWS,
  columns: COLUMNS,
  rowSpacing: spacing.row,
  columnSpacing: spacing.column,
  position: patientPoint(0, 0, z),
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
});

function maskOf(inside: (x: number, y: number) => boolean): SliceMask {
  const mask = new Uint8Array(COLUMNS * ROWS);
  for (let y = 0; y < ROWS; y += 1) for (let x = 0; x < COLUMNS; x += 1) if (inside(x, y)) mask[y * COLUMNS + x] = 1;
  return mask;
}

const rectangle = (x0: number, y0: number, x1: number, y1: number): SliceMask =>
  maskOf((x, y) => x >= x0 && x <= x1 && y >= y0 && y <= y1);

describe('volume', () => {
  const square = rectangle(10, 10, 19, 19);

  it('is area times spacing on an even stack of anisotropic voxels', () => {
    const stack = stackOf([0, 5, 10, 15].map((z) => plane(z, { row: 0.5, column: 0.8 })));
    const voxels = new Map([1, 2].map((k) => [k, square] as const));
    expect(segmentVolume(voxels, stack)).toBeCloseTo(2 * 100 * 0.4 * 5, 9);
  });

  it('counts a missing slice inside the segment and not one beyond it', () => {
    const stack = stackOf([0, 3, 6, 12, 15, 21].map((z) => plane(z)));
    expect(segmentVolume(new Map([2, 3].map((k) => [k, square] as const)), stack)).toBeCloseTo(100 * (6 + 3), 9);
    expect(segmentVolume(new Map([[4, square]]), stack)).toBeCloseTo(100 * 3, 9);
  });

  it('uses the positions of unevenly spaced slices', () => {
    const stack = stackOf([0, 2, 5, 9, 11].map((z) => plane(z)));
    const voxels = new Map([1, 2, 3].map((k) => [k, square] as const));
    // 2.5 is the median gap: half of it at both open ends, the true 3 and 4 mm between.
    expect(segmentVolume(voxels, stack)).toBeCloseTo(100 * (1.25 + 3 + 4 + 1.25), 9);
  });

  it('does not exist for one slice, nor where several slices share a place', () => {
    expect(segmentVolume(new Map([[0, square]]), stackOf([plane(0)]))).toBeUndefined();
    expect(segmentVolume(new Map([[0, square]]), stackOf([plane(0), plane(0), plane(3)]))).toBeUndefined();
  });
});

describe('extent', () => {
  it('names the largest slice whatever the order of insertion', () => {
    const voxels = new Map([
      [7, rectangle(0, 0, 3, 3)],
      [5, rectangle(0, 0, 9, 9)],
      [9, rectangle(0, 0, 1, 1)],
    ]);
    expect(segmentExtent(voxels)).toEqual({ slices: 3, first: 5, last: 9, largest: 5 });
    expect(segmentExtent(new Map())).toBeUndefined();
  });
});

describe('diameter', () => {
  it('of n pixels in a row is n pixels long, one pixel wide', () => {
    const row = sliceDiameter(rectangle(20, 10, 29, 10), plane(0), 0);
    expect(row?.longMm).toBeCloseTo(10, 9);
    expect(row?.shortMm).toBeCloseTo(1, 9);
    expect(row?.ends.map(([x]) => x).sort((a, b) => a - b)).toEqual([19.5, 29.5]);
  });

  it('of a disc is its diameter within a pixel, and does not depend on direction', () => {
    const disc = sliceDiameter(
      maskOf((x, y) => (x - 30) ** 2 + (y - 24) ** 2 <= 15 ** 2),
      plane(0),
      3,
    )!;
    expect(disc.longMm).toBeGreaterThan(30);
    expect(disc.longMm).toBeLessThan(31.5);
    expect(disc.shortMm).toBeGreaterThan(30);
    expect(disc.k).toBe(3);
  });

  it('is measured in mm where pixels are not square: the longer side in pixels need not be the longer one', () => {
    const long = sliceDiameter(rectangle(10, 10, 29, 10), plane(0, { row: 2, column: 0.5 }), 0)!;
    const tall = sliceDiameter(rectangle(10, 10, 10, 19), plane(0, { row: 2, column: 0.5 }), 0)!;
    expect(long.longMm).toBeCloseTo(10, 9);
    expect(tall.longMm).toBeCloseTo(20, 9);
  });

  it('of an ellipse turned by 30 degrees gives both axes', () => {
    const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const ellipse = sliceDiameter(
      maskOf((x, y) => {
        const [u, v] = [(x - 32) * cos + (y - 24) * sin, (y - 24) * cos - (x - 32) * sin];
        return (u / 20) ** 2 + (v / 8) ** 2 <= 1;
      }),
      plane(0),
      0,
    )!;
    // The two axes cross at a right angle, and are as long as they are said to be.
    const [[a, b], [c, d]] = [ellipse.ends, ellipse.shortEnds];
    expect(Math.hypot(d[0] - c[0], d[1] - c[1])).toBeCloseTo(ellipse.shortMm, 6);
    expect((b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1])).toBeCloseTo(0, 6);
    expect(Math.hypot((c[0] + d[0]) / 2 - 32, (c[1] + d[1]) / 2 - 24)).toBeLessThan(3);
    expect(Math.abs(ellipse.longMm - 40)).toBeLessThan(1.2);
    expect(Math.abs(ellipse.shortMm - 16)).toBeLessThan(1.2);
  });

  it('does not span two separate lesions, but joins pixels that touch at a corner', () => {
    const apart = maskOf((x, y) => y === 20 && ((x >= 5 && x < 15) || (x >= 40 && x < 60)));
    expect(sliceDiameter(apart, plane(0), 0)?.longMm).toBeCloseTo(20, 9);
    const corner = maskOf((x, y) => (x === 10 && y === 10) || (x === 11 && y === 11));
    expect(sliceDiameter(corner, plane(0), 0)?.longMm).toBeGreaterThan(2);
  });

  it('touches the border of the image without reading across it', () => {
    const full = sliceDiameter(rectangle(0, 0, COLUMNS - 1, 0), plane(0), 0)!;
    expect(full.longMm).toBeCloseTo(COLUMNS, 9);
  });

  it('of a segment is that of its longest slice', () => {
    const planes = [0, 5, 10].map((z) => plane(z));
    const voxels = new Map([
      [0, rectangle(0, 0, 4, 0)],
      [1, rectangle(0, 0, 30, 0)],
      [2, rectangle(0, 0, 9, 0)],
    ]);
    expect(longestDiameter(voxels, planes)?.k).toBe(1);
    expect(longestDiameter(new Map(), planes)).toBeUndefined();
  });
});

describe('statistics', () => {
  it('are those of the modality values inside the mask, over several slices', () => {
    const values = new Float32Array(COLUMNS * ROWS).fill(-1000);
    const mask = rectangle(0, 0, 3, 0);
    values.set([10, 20, 30, 40]);
    const twice = withSliceValues(
      withSliceValues(NO_VALUES, mask, values),
      mask,
      values.map((v) => v + 1),
    );
    const { mean, standardDeviation, minimum, maximum, voxels } = statisticsOf(twice)!;
    expect([voxels, mean, minimum, maximum]).toEqual([8, 25.5, 10, 41]);
    expect(standardDeviation).toBeCloseTo(Math.sqrt(125.25), 9);
  });

  it('keep their precision far from zero and leave padding out', () => {
    const values = new Float32Array(COLUMNS * ROWS).fill(Number.NaN);
    values.set([1_000_000, 1_000_002]);
    const stats = statisticsOf(withSliceValues(NO_VALUES, rectangle(0, 0, 3, 0), values))!;
    expect(stats).toMatchObject({ voxels: 2, mean: 1_000_001, standardDeviation: 1 });
    expect(statisticsOf(NO_VALUES)).toBeUndefined();
  });
});
