import type { SlicePoint } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

/**
 * Sets the pixels whose centres lie within a radius of the line from one point to the next.
 * @param mask is changed in place: the stroke's own copy
 * @param radius mm in the patient: an ellipse in pixels where they are not square
 * @param may pixels that the brush may touch
 */
export function paintCapsule(
  mask: SliceMask,
  plane: ImagePlane,
  from: SlicePoint,
  to: SlicePoint,
  radius: number,
  value: 0 | 1,
  may: (index: number) => boolean = everywhere,
): void {
  const [ax, ay] = [from[0] * plane.columnSpacing, from[1] * plane.rowSpacing];
  const [bx, by] = [to[0] * plane.columnSpacing, to[1] * plane.rowSpacing];
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const firstRow = Math.max(0, Math.ceil((Math.min(ay, by) - radius) / plane.rowSpacing));
  const lastRow = Math.min(plane.rows - 1, Math.floor((Math.max(ay, by) + radius) / plane.rowSpacing));
  const firstColumn = Math.max(0, Math.ceil((Math.min(ax, bx) - radius) / plane.columnSpacing));
  const lastColumn = Math.min(plane.columns - 1, Math.floor((Math.max(ax, bx) + radius) / plane.columnSpacing));
  for (let row = firstRow; row <= lastRow; row += 1) {
    const y = row * plane.rowSpacing;
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const x = column * plane.columnSpacing;
      const share = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared));
      const distance = Math.hypot(x - ax - share * dx, y - ay - share * dy);
      const index = row * plane.columns + column;
      if (distance <= radius && may(index)) mask[index] = value;
    }
  }
}

const everywhere = (): boolean => true;

/** Values that a threshold brush paints, inclusive. */
export interface ValueRange {
  readonly lower: number;
  readonly upper: number;
}

/** Most of what a brush covers lies within this many standard deviations of its mean. */
const USUAL_DEVIATIONS = 2;

/**
 * The usual values under a brush: mean and two standard deviations of the modality values that it covers, so that what looks like
 * the tissue under the first touch is painted. @returns undefined where it covers no value
 */
export function rangeUnder(
  values: ArrayLike<number>,
  plane: ImagePlane,
  at: SlicePoint,
  radius: number,
): ValueRange | undefined {
  const covered = new Uint8Array(plane.rows * plane.columns);
  paintCapsule(covered, plane, at, at, radius, 1);
  const found: number[] = [];
  for (let index = covered.indexOf(1); index !== -1; index = covered.indexOf(1, index + 1)) {
    const value = values[index];
    if (value !== undefined && Number.isFinite(value)) found.push(value);
  }
  if (found.length === 0) return undefined;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length;
  const half = USUAL_DEVIATIONS * Math.sqrt(variance);
  return { lower: mean - half, upper: mean + half };
}
