import type { SlicePoint } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

/**
 * Sets the pixels whose centres lie within a radius of the line from one point to the next.
 * @param mask is changed in place: the stroke's own copy
 * @param radius mm in the patient: an ellipse in pixels where they are not square
 */
export function paintCapsule(
  mask: SliceMask,
  plane: ImagePlane,
  from: SlicePoint,
  to: SlicePoint,
  radius: number,
  value: 0 | 1,
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
      if (distance <= radius) mask[row * plane.columns + column] = value;
    }
  }
}
