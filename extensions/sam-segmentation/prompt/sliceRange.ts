import { appError } from '#core/errors.ts';
import { convexHull } from '#core/geometry/convexHull.ts';
import {
  type PatientPoint,
  patientPoint,
  type SliceBox,
  slicePoint,
  type Vector3,
} from '#core/geometry/coordinates.ts';
import { sliceToPatient } from '#core/geometry/imagePlane.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { cross, displacement, dot, moved, normalize } from '#core/geometry/vector.ts';
import { err, ok, type Result } from '#core/result.ts';

/** Outermost slices of a lesion, inclusive. */
export interface SliceExtent {
  readonly first: number;
  readonly last: number;
}

/** A plane closer to the slices than this shows too little of how far a lesion goes (20 degrees). */
const ACROSS_COSINE = Math.cos((20 * Math.PI) / 180);

/** Whether a view cuts through the slices, so that a box on it says how far a lesion goes. */
export const cutsSlices = ({ normal }: Pick<Stack, 'normal'>, viewPlaneNormal: Vector3): boolean =>
  Math.abs(dot(normal, viewPlaneNormal)) <= ACROSS_COSINE;

/**
 * The slices that a drag across them takes in: those whose middle lies between its ends, as a drag runs along the outer edges of
 * the lesion; the nearest one where it is thinner than a slice. What lies beyond the series is cut off.
 * @param from, to where the drag began and ended
 * @param prompted slices on which the reader has drawn: the lesion is there, so a range without one of them is a slip
 * @returns errors `range-before-box`, `range-outside-series`, `range-misses-box`
 */
export function extentFromDrag(
  { positions, normal, sliceSpacing }: Pick<Stack, 'positions' | 'normal' | 'sliceSpacing'>,
  from: PatientPoint,
  to: PatientPoint,
  prompted: readonly number[],
): Result<SliceExtent> {
  if (prompted.length === 0) {
    return err(
      appError('range-before-box', 'The first box is drawn on the slices as they were acquired.', {
        remedy: 'Draw it there, on a slice where the lesion is large; a box in this plane then says how far it goes.',
      }),
    );
  }
  const [a, b] = [dot(from, normal), dot(to, normal)];
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const half = (sliceSpacing ?? 0) / 2;
  if (high < positions[0]! - half || low > positions.at(-1)! + half) {
    return err(
      appError('range-outside-series', 'The box lies beyond the slices of this series.', {
        remedy: 'Draw it over the lesion.',
      }),
    );
  }
  const inside = positions.flatMap((position, k) => (position >= low && position <= high ? [k] : []));
  const nearest = nearestTo(positions, (low + high) / 2);
  const extent = { first: inside[0] ?? nearest, last: inside.at(-1) ?? nearest };
  const missed = prompted.find((k) => k < extent.first || k > extent.last);
  if (missed === undefined) return ok(extent);
  return err(
    appError('range-misses-box', `The box does not reach slice ${missed + 1}, on which you have drawn.`, {
      remedy: 'Draw it over the whole lesion, that slice included.',
    }),
  );
}

/**
 * Corners of what a drag across the slices draws: two sides run along them, so that each lies on one slice wherever the view is
 * turned, and the stack oblique to it.
 * @returns round the box, beginning at `from`
 */
export function dragCorners(
  { normal }: Pick<Stack, 'normal'>,
  viewPlaneNormal: Vector3,
  from: PatientPoint,
  to: PatientPoint,
): readonly PatientPoint[] {
  const along = normalize(cross(normal, viewPlaneNormal));
  const through = cross(viewPlaneNormal, along);
  const drag = displacement(from, to);
  const [wide, deep] = [dot(drag, along), dot(drag, through)];
  return [from, moved(from, [along, wide]), moved(from, [along, wide], [through, deep]), moved(from, [through, deep])];
}

/**
 * Where a plane cuts what a box and its range take in: from the outer edges of the box's pixels, from face to face of the
 * outermost slices.
 * @returns corners in order; none where the plane passes by
 */
export function cutOfExtent(
  { planes, normal, sliceSpacing }: Pick<Stack, 'planes' | 'normal' | 'sliceSpacing'>,
  { x0, y0, x1, y1 }: SliceBox,
  { first, last }: SliceExtent,
  at: PatientPoint,
  viewPlaneNormal: Vector3,
): readonly PatientPoint[] {
  const half = (sliceSpacing ?? 0) / 2;
  const face = (k: number, outwards: number): readonly PatientPoint[] =>
    [
      slicePoint(x0 - 0.5, y0 - 0.5),
      slicePoint(x1 + 0.5, y0 - 0.5),
      slicePoint(x1 + 0.5, y1 + 0.5),
      slicePoint(x0 - 0.5, y1 + 0.5),
    ].map((corner) => moved(sliceToPatient(planes[k]!, corner), [normal, outwards * half]));
  const [low, high] = [face(first, -1), face(last, 1)];
  const edges = low.flatMap((corner, index): readonly (readonly [PatientPoint, PatientPoint])[] => [
    [corner, high[index]!],
    [corner, low[(index + 1) % 4]!],
    [high[index]!, high[(index + 1) % 4]!],
  ]);
  const cuts = edges.flatMap(([a, b]) => crossing(a, b, at, viewPlaneNormal));
  const [right, up] = inPlane(viewPlaneNormal);
  return convexHull(
    cuts.map((point) => [dot(displacement(at, point), right), dot(displacement(at, point), up)] as const),
  ).map(([x, y]) => moved(at, [right, x], [up, y]));
}

/** The point of a segment that lies in a plane, if one does. */
function crossing(a: PatientPoint, b: PatientPoint, at: PatientPoint, normal: Vector3): readonly PatientPoint[] {
  const [before, after] = [dot(displacement(at, a), normal), dot(displacement(at, b), normal)];
  if (before === after || before * after > 0) return [];
  const share = before / (before - after);
  const [x, y, z] = displacement(a, b);
  return [patientPoint(a[0] + share * x, a[1] + share * y, a[2] + share * z)];
}

/** Two directions that span a plane. */
function inPlane(normal: Vector3): readonly [Vector3, Vector3] {
  const right = normalize(cross(normal, Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
  return [right, cross(normal, right)];
}

function nearestTo(positions: readonly number[], along: number): number {
  let best = 0;
  positions.forEach((position, k) => {
    if (Math.abs(position - along) < Math.abs(positions[best]! - along)) best = k;
  });
  return best;
}
