import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patientPoint, slicePoint, type Vector3 } from './coordinates.ts';
import { distanceToPlane, type ImagePlane, patientToSlice, planeNormal, sliceToPatient } from './imagePlane.ts';
import { stackOf } from './stack.ts';
import { cross, moved, normalize } from './vector.ts';
import { patientToVoxel, voxelToPatient } from './voxelGrid.ts';

const AXIAL = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;

function plane(z: number, change: Partial<ImagePlane> = {}): ImagePlane {
  return {
    rows: 23,
    columns: 38,
    rowSpacing: 0.7,
    columnSpacing: 0.9,
    position: patientPoint(-100, -80, z),
    ...AXIAL,
    ...change,
  };
}

/** A random right-angled pair of directions. */
const orientation = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: 0.2, max: 1, noNaN: true }),
  )
  .map(([a, b, c]) => {
    const rowDirection = normalize([c, a, b]);
    const helper: Vector3 = Math.abs(rowDirection[2]) < 0.9 ? [0, 0, 1] : [0, 1, 0];
    const normal = normalize(cross(rowDirection, helper));
    return { rowDirection, columnDirection: cross(normal, rowDirection) };
  });

describe('an image plane', () => {
  it('maps any slice point to the patient and back, whatever the obliquity', () => {
    fc.assert(
      fc.property(
        orientation,
        fc.double({ min: -50, max: 600, noNaN: true }),
        fc.double({ min: -50, max: 600, noNaN: true }),
        (directions, x, y) => {
          const oblique = plane(12, directions);
          const patient = sliceToPatient(oblique, slicePoint(x, y));
          const back = patientToSlice(oblique, patient);
          expect(back[0]).toBeCloseTo(x, 8);
          expect(back[1]).toBeCloseTo(y, 8);
          expect(distanceToPlane(oblique, patient)).toBeCloseTo(0, 8);
        },
      ),
      { seed: 20261122 },
    );
  });
});

describe('a stack', () => {
  it('orders shuffled slices along the normal and remembers where each came from', () => {
    const stack = stackOf([plane(6), plane(0), plane(9), plane(3)]);
    expect(stack.order).toEqual([1, 3, 0, 2]);
    expect(stack.positions).toEqual([0, 3, 6, 9]);
    expect(stack.use).toBe('volume');
    expect(stack.issues).toEqual([]);
  });

  it('orders along the normal, not along z: a sagittal series acquired right to left', () => {
    const sagittal = (x: number) =>
      plane(0, { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1], position: patientPoint(x, 0, 0) });
    const stack = stackOf([sagittal(0), sagittal(2), sagittal(4)]);
    expect(stack.normal).toEqual([-1, 0, 0].map((v) => v + 0));
    expect(stack.order).toEqual([2, 1, 0]);
  });

  it('gives a grid whose voxels lie on their planes, obliquely too', () => {
    fc.assert(
      fc.property(orientation, (directions) => {
        const first = plane(5, directions);
        const normal = planeNormal(first);
        const planes = [0, 1, 2, 3].map((k) => ({ ...first, position: moved(first.position, [normal, k * 5.2]) }));
        const { grid } = stackOf([...planes].reverse());
        if (grid === undefined) throw new Error('expected a grid');
        const patient = sliceToPatient(planes[2]!, slicePoint(7, 11));
        const voxel = patientToVoxel(grid, patient);
        for (const [axis, value] of [7, 11, 2].entries()) expect(voxel[axis]).toBeCloseTo(value, 6);
        for (const [axis, value] of voxelToPatient(grid, voxel).entries()) expect(value).toBeCloseTo(patient[axis]!, 6);
      }),
      { seed: 20261122 },
    );
  });

  it('counts missing slices and says after which slice they are missing', () => {
    const stack = stackOf([0, 3, 6, 12, 15, 24].map((z) => plane(z)));
    expect(stack.issues).toEqual([{ kind: 'missing-slices', missing: 3, afterSlices: [2, 4] }]);
    expect(stack.use).toBe('slices');
    expect(stack.grid).toBeUndefined();
  });

  it('tells uneven spacing from missing slices', () => {
    expect(stackOf([0, 1.08, 2.16, 9.15].map((z) => plane(z))).issues).toEqual([
      { kind: 'uneven-spacing', smallestMm: 1.08, largestMm: 6.99 },
    ]);
  });

  it('sees a gantry tilt and measures it', () => {
    const tilted = [0, 1, 2, 3, 4].map((k) =>
      plane(k * 5, { position: patientPoint(-100, -80 + k * 5 * Math.tan(0.2), k * 5) }),
    );
    const { issues, use } = stackOf(tilted);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ kind: 'tilted' });
    expect(issues[0]?.kind === 'tilted' && issues[0].degrees).toBeCloseTo((0.2 * 180) / Math.PI, 6);
    expect(use).toBe('slices');
  });

  it('lets rounding of the positions pass as no tilt', () => {
    const rounded = [0, 1, 2, 3].map((k) =>
      plane(k * 5, { position: patientPoint(-100 + (k % 2) * 0.005, -80, k * 5) }),
    );
    expect(stackOf(rounded).issues).toEqual([]);
  });

  it('only shows a series with several time points at each position', () => {
    const { issues, use } = stackOf([0, 0, 0, 3, 3, 3].map((z) => plane(z)));
    expect(issues).toEqual([{ kind: 'duplicate-positions', duplicates: 4, positions: 2 }]);
    expect(use).toBe('view');
  });

  it('only shows a localizer with mixed orientations, and slices of mixed size', () => {
    const coronal = plane(0, { columnDirection: [0, 0, -1] });
    expect(stackOf([plane(0), coronal]).use).toBe('view');
    expect(stackOf([plane(0), plane(3, { rows: 24 })]).use).toBe('view');
  });

  it('takes one slice as a stack without a third dimension', () => {
    expect(stackOf([plane(0)])).toMatchObject({ use: 'slices', issues: [{ kind: 'single-slice' }] });
  });
});
