import { describe, expect, it } from 'vitest';
import { patientPoint, slicePoint, type Vector3 } from '#core/geometry/coordinates.ts';
import { sliceToPatient } from '#core/geometry/imagePlane.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { cross, displacement, dot, moved, normalize } from '#core/geometry/vector.ts';
import { cutOfExtent, cutsSlices, dragCorners, extentFromDrag } from './sliceRange.ts';

/** Ten slices, 4 mm apart, 40 x 30 pixels of 0.5 by 0.8 mm. */
function slices(rowDirection: Vector3, columnDirection: Vector3, step: Vector3) {
  return stackOf(
    Array.from({ length: 10 }, (_, index) => ({
      rows: 30,
      columns: 40,
      rowSpacing: 0.8,
      columnSpacing: 0.5,
      position: moved(patientPoint(-10, 7, 30), [step, 4 * index]),
      rowDirection,
      columnDirection,
    })),
  );
}

const axial = slices([1, 0, 0], [0, 1, 0], [0, 0, 1]);
/** Rows run to the left and columns to the front: the stack's own normal is as before, its files come from the head. */
const turned = slices([-1, 0, 0], [0, -1, 0], [0, 0, -1]);
/** The normal points to the feet: slice 0 is the one at the head. */
const flipped = slices([1, 0, 0], [0, -1, 0], [0, 0, 1]);
const tip = normalize([0.1, 0.3, 1]);
const row = normalize(cross([0, 1, 0], tip));
const oblique = slices(row, cross(tip, row), tip);

const SAGITTAL: Vector3 = [1, 0, 0];
const CORONAL: Vector3 = [0, 1, 0];

describe('how far a box across the slices says that the lesion goes', () => {
  it('takes the slices whose middle lies in it, whichever way it was dragged', () => {
    // Slices 2 to 5 lie at 38 to 50 mm.
    const ends = [patientPoint(0, 0, 36.1), patientPoint(0, 12, 51.9)] as const;
    expect(extentFromDrag(axial, ends[0], ends[1], [3])).toEqual({ ok: true, value: { first: 2, last: 5 } });
    expect(extentFromDrag(axial, ends[1], ends[0], [3])).toEqual({ ok: true, value: { first: 2, last: 5 } });
  });

  it('counts from the foot whichever way the files came, and from the head where the normal points down', () => {
    // The files of `turned` lie at 30 mm and below: its slice 9 is the first file.
    expect(extentFromDrag(turned, patientPoint(0, 0, 27), patientPoint(0, 0, 9), [8])).toEqual({
      ok: true,
      value: { first: 4, last: 8 },
    });
    expect(flipped.normal[2]).toBeCloseTo(-1, 12);
    // Slice 9 lies at 30 mm, slice 5 at 46.
    expect(extentFromDrag(flipped, patientPoint(0, 0, 29), patientPoint(0, 0, 47), [6])).toEqual({
      ok: true,
      value: { first: 5, last: 9 },
    });
  });

  it('follows oblique slices: a side of the box lies on one slice wherever it is in the view', () => {
    const at = (k: number, x: number) => sliceToPatient(oblique.planes[k]!, slicePoint(x, 14));
    expect(oblique.normal.map((n, axis) => n - tip[axis]!)).toEqual([
      expect.closeTo(0, 12),
      expect.closeTo(0, 12),
      expect.closeTo(0, 12),
    ]);
    const from = moved(at(3, 0), [oblique.normal, -1]);
    const to = moved(at(6, 39), [oblique.normal, 1]);
    expect(extentFromDrag(oblique, from, to, [5])).toEqual({ ok: true, value: { first: 3, last: 6 } });
    const flat = patientPoint(to[0], from[1], to[2]);
    const corners = dragCorners(oblique, CORONAL, from, flat);
    const heights = corners.map((corner) => dot(displacement(from, corner), oblique.normal));
    expect(heights[1]).toBeCloseTo(0, 9);
    expect(heights[2]).toBeCloseTo(heights[3]!, 9);
    expect(heights[2]).toBeCloseTo(dot(displacement(from, flat), oblique.normal), 9);
    // It stays in the view, and ends where the pointer is.
    for (const corner of corners) expect(corner[1]).toBeCloseTo(from[1], 9);
    for (const axis of [0, 1, 2] as const) expect(corners[2]![axis]).toBeCloseTo(flat[axis], 9);
  });

  it('cuts off what lies beyond the stack', () => {
    expect(extentFromDrag(axial, patientPoint(0, 0, -500), patientPoint(0, 0, 45), [0])).toEqual({
      ok: true,
      value: { first: 0, last: 3 },
    });
    expect(extentFromDrag(axial, patientPoint(0, 0, 45), patientPoint(0, 0, 900), [9])).toEqual({
      ok: true,
      value: { first: 4, last: 9 },
    });
  });

  it('gives the one slice that a thin box lies in', () => {
    const drawn = [patientPoint(0, 0, 42.5), patientPoint(0, 9, 43.5)] as const;
    expect(extentFromDrag(axial, ...drawn, [3])).toEqual({ ok: true, value: { first: 3, last: 3 } });
  });

  it('refuses in words what does not reach each slice with a prompt, and a lesion that has none', () => {
    const drawn = [patientPoint(0, 0, 36), patientPoint(0, 12, 52)] as const;
    expect(extentFromDrag(axial, ...drawn, [3, 7])).toMatchObject({
      ok: false,
      error: { code: 'range-misses-box', message: 'The box does not reach slice 8, on which you have drawn.' },
    });
    expect(extentFromDrag(axial, ...drawn, [])).toMatchObject({ ok: false, error: { code: 'range-before-box' } });
    const beyond = [patientPoint(0, 0, 90), patientPoint(0, 12, 70)] as const;
    expect(extentFromDrag(axial, ...beyond, [3])).toMatchObject({ ok: false, error: { code: 'range-outside-series' } });
  });

  it('is asked only of views that cut through the slices', () => {
    expect(cutsSlices(axial, SAGITTAL)).toBe(true);
    expect(cutsSlices(axial, [0, 0, -1])).toBe(false);
    expect(cutsSlices(axial, normalize([0, 0.3, 1]))).toBe(false);
    expect(cutsSlices(axial, normalize([0, 0.4, 1]))).toBe(true);
    expect(cutsSlices(oblique, CORONAL)).toBe(true);
  });
});

describe('where a view cuts box and range', () => {
  const box = { x0: 10, y0: 5, x1: 19, y1: 14 };

  it('runs from face to face of the outermost slices, and along the outer edges of the pixels', () => {
    const corners = cutOfExtent(axial, box, { first: 2, last: 5 }, patientPoint(-2.5, 0, 0), SAGITTAL);
    expect(corners).toHaveLength(4);
    for (const [x] of corners) expect(x).toBeCloseTo(-2.5, 9);
    const [ys, zs] = [corners.map(([, y]) => y), corners.map(([, , z]) => z)];
    expect(Math.min(...ys)).toBeCloseTo(7 + 4.5 * 0.8, 9);
    expect(Math.max(...ys)).toBeCloseTo(7 + 14.5 * 0.8, 9);
    expect(Math.min(...zs)).toBeCloseTo(36, 9);
    expect(Math.max(...zs)).toBeCloseTo(52, 9);
  });

  it('is nothing where the view passes beside the box', () => {
    expect(cutOfExtent(axial, box, { first: 2, last: 5 }, patientPoint(30, 0, 0), SAGITTAL)).toEqual([]);
  });

  it('lies in the view and within the range, for oblique slices too', () => {
    const middle = sliceToPatient(oblique.planes[4]!, slicePoint(14.5, 9.5));
    const corners = cutOfExtent(oblique, box, { first: 3, last: 6 }, middle, SAGITTAL);
    expect(corners.length).toBeGreaterThanOrEqual(4);
    const heights = corners.map((corner) => dot(corner, oblique.normal));
    for (const [x] of corners) expect(x).toBeCloseTo(middle[0], 9);
    expect(Math.min(...heights)).toBeCloseTo(oblique.positions[3]! - 2, 9);
    expect(Math.max(...heights)).toBeCloseTo(oblique.positions[6]! + 2, 9);
  });
});
