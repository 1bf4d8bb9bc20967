import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { distanceTransform, type LatticeSize } from './distanceTransform.ts';
import { dice } from './overlap.ts';
import { type MaskGrid, robustHausdorff, surfaceDice, surfaceDistances } from './surfaceDistance.ts';
import { surfelAreas } from './surfelAreas.ts';

interface Reference {
  readonly size: readonly [number, number, number];
  readonly cases: readonly {
    readonly name: string;
    readonly spacing: readonly [number, number, number];
    readonly truth: readonly number[];
    readonly found: readonly number[];
    readonly areaTruth: number;
    readonly areaFound: number;
    readonly surfaceDice: Readonly<Record<string, number>>;
    readonly hausdorff: Readonly<Record<string, number | null>>;
    readonly dice: number;
  }[];
}

const folder = new URL('../../../test/bench/surfaceDistance/', import.meta.url);
const reference = JSON.parse(readFileSync(new URL('reference.json', folder), 'utf8')) as Reference;
const [COLUMNS, ROWS] = reference.size;

/** Slices from run lengths that start with zeros. */
function masksOf(runs: readonly number[]): ReadonlyMap<number, Uint8Array> {
  const bits = runs.flatMap((run, index) => new Array<number>(run).fill(index % 2));
  const pixels = COLUMNS * ROWS;
  return new Map(
    Array.from({ length: bits.length / pixels }, (_, k) => [
      k,
      Uint8Array.from(bits.slice(k * pixels, (k + 1) * pixels)),
    ]),
  );
}

const total = (areas: Float64Array): number => areas.reduce((sum, area) => sum + area, 0);

describe('surface distances', () => {
  it.each(reference.cases)('are those of the surface-distance package for $name', (expected) => {
    const [truth, found] = [masksOf(expected.truth), masksOf(expected.found)];
    const grid = { columns: COLUMNS, rows: ROWS, spacing: expected.spacing };
    const distances = surfaceDistances(truth, found, grid);
    expect(total(distances.truth.areas)).toBeCloseTo(expected.areaTruth, 8);
    expect(total(distances.found.areas)).toBeCloseTo(expected.areaFound, 8);
    for (const [tolerance, value] of Object.entries(expected.surfaceDice)) {
      expect(surfaceDice(distances, Number(tolerance))).toBeCloseTo(value, 9);
    }
    for (const [percent, value] of Object.entries(expected.hausdorff)) {
      const ours = robustHausdorff(distances, Number(percent) / 100);
      if (value === null) expect(ours).toBe(Infinity);
      else expect(ours).toBeCloseTo(value, 9);
    }
    expect(dice(truth, found)).toBeCloseTo(expected.dice, 12);
  });

  const python = process.env.VOXPROMPT_PYTHON ?? 'python3';
  const hasPackage = ((): boolean => {
    try {
      execFileSync(python, ['-c', 'import surface_distance'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  it.skipIf(!hasPackage)('are compared with what the package says today (python3 with surface-distance)', () => {
    const script = fileURLToPath(new URL('reference.py', folder));
    const now = JSON.parse(execFileSync(python, [script], { encoding: 'utf8' })) as Reference;
    expect(now).toEqual(reference);
  });

  it('have no distance where there is no surface', () => {
    const nothing = surfaceDistances(new Map(), new Map(), { columns: COLUMNS, rows: ROWS, spacing: [1, 1, 1] });
    expect(surfaceDice(nothing, 2)).toBe(1);
    expect(robustHausdorff(nothing, 0.95)).toBe(0);
  });

  it('see a ball grown by 3 mm at 3 mm, whatever the thickness of the slices', () => {
    for (const thickness of [1, 2.5]) {
      const grid: MaskGrid = { columns: 61, rows: 61, spacing: [1, 1, thickness] };
      const ball = (radius: number): ReadonlyMap<number, Uint8Array> =>
        new Map(
          Array.from({ length: 61 }, (_, k) => [
            k,
            Uint8Array.from({ length: 61 * 61 }, (_, at) =>
              Math.hypot((at % 61) - 30, Math.floor(at / 61) - 30, (k - 30) * thickness) <= radius ? 1 : 0,
            ),
          ]),
        );
      const distances = surfaceDistances(ball(20), ball(23), grid);
      expect(robustHausdorff(distances, 0.5)).toBeGreaterThan(2);
      expect(robustHausdorff(distances, 0.5)).toBeLessThan(4);
      expect(surfaceDice(distances, 1)).toBeLessThan(0.05);
      expect(surfaceDice(distances, 5)).toBe(1);
      // The surface of a ball, within what midpoints of voxels can tell of it: too large, more so where slices are thick.
      expect(total(distances.truth.areas) / (4 * Math.PI * 400)).toBeGreaterThan(0.97);
      expect(total(distances.truth.areas) / (4 * Math.PI * 400)).toBeLessThan(thickness === 1 ? 1.1 : 1.15);
    }
  });
});

describe('the areas of surface elements', () => {
  it('are known for every cell but the empty and the full one', () => {
    const areas = surfelAreas([1, 1, 1]);
    expect([...areas].map((area, code) => (area > 0 ? -1 : code)).filter((code) => code >= 0)).toEqual([0, 255]);
  });

  it('are one face for a flat surface and half a diagonal for an edge', () => {
    const areas = surfelAreas([2, 3, 5]);
    expect(areas[0b00001111]).toBeCloseTo(2 * 3, 12);
    expect(areas[0b01010101]).toBeCloseTo(3 * 5, 12);
    expect(areas[0b00000011]).toBeCloseTo((2 * Math.hypot(3, 5)) / 2, 12);
  });
});

describe('the distance transform', () => {
  it('is the distance to the nearest marked point, as found by trying them all', () => {
    const size: LatticeSize = { x: 9, y: 7, z: 6 };
    const spacing = [0.7, 1.3, 4] as const;
    let seed = 5;
    const marked = Uint8Array.from({ length: size.x * size.y * size.z }, () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 16 < 2000 ? 1 : 0;
    });
    const place = (index: number) =>
      [index % size.x, Math.floor(index / size.x) % size.y, Math.floor(index / size.x / size.y)].map(
        (value, axis) => value * spacing[axis]!,
      );
    const points = [...marked.keys()].filter((index) => marked[index] === 1).map(place);
    expect(points.length).toBeGreaterThan(3);
    const distances = distanceTransform(marked, size, spacing);
    distances.forEach((distance, index) => {
      const here = place(index);
      const nearest = Math.min(
        ...points.map((point) => Math.hypot(...point.map((value, axis) => value - here[axis]!))),
      );
      expect(distance).toBeCloseTo(nearest, 9);
    });
  });

  it('is infinite where nothing is marked', () => {
    expect(new Set(distanceTransform(new Uint8Array(8), { x: 2, y: 2, z: 2 }, [1, 1, 1]))).toEqual(new Set([Infinity]));
  });
});
