import { slicePoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, type ImagePlane, patientToSlice, sliceToPatient } from '#core/geometry/imagePlane.ts';
import { SAME_POSITION_MM } from '#core/geometry/tolerances.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

/** How far a corner pixel of one grid may lie from a pixel centre of the other, px: far from the half where neighbours meet. */
const SAME_PIXEL = 0.1;

/**
 * Pixel (column, row) of one plane on another: x = x0 + column * xi + row * xj, likewise y; all whole numbers. A frame that was
 * cropped, mirrored or turned by right angles lies on the lattice of its source without any resampling.
 */
export interface LatticeMap {
  readonly x0: number;
  readonly y0: number;
  readonly xi: number;
  readonly yi: number;
  readonly xj: number;
  readonly yj: number;
  readonly identity: boolean;
}

/** The map from `from` to `to`; undefined where their pixel centres do not coincide. */
export function latticeMap(from: ImagePlane, to: ImagePlane): LatticeMap | undefined {
  const last = [from.columns - 1, from.rows - 1] as const;
  const corners = [slicePoint(0, 0), slicePoint(last[0], 0), slicePoint(0, last[1]), slicePoint(last[0], last[1])];
  const points = corners.map((corner) => sliceToPatient(from, corner));
  if (points.some((point) => Math.abs(distanceToPlane(to, point)) > SAME_POSITION_MM)) return undefined;
  const pixels = points.map((point) => patientToSlice(to, point));
  const whole = pixels.map(([x, y]) => [Math.round(x), Math.round(y)] as const);
  const near = pixels.every(
    ([x, y], index) => Math.abs(x - whole[index]![0]) <= SAME_PIXEL && Math.abs(y - whole[index]![1]) <= SAME_PIXEL,
  );
  if (!near) return undefined;
  const [x0, y0] = whole[0]!;
  const step = (corner: number, pixelsBetween: number, axis: 0 | 1): number =>
    pixelsBetween === 0 ? 0 : (whole[corner]![axis] - whole[0]![axis]) / pixelsBetween;
  const direction = {
    xi: step(1, last[0], 0),
    yi: step(1, last[0], 1),
    xj: step(2, last[1], 0),
    yj: step(2, last[1], 1),
  };
  const unit = (a: number, b: number): boolean => Math.abs(a) + Math.abs(b) === 1 && Number.isInteger(a);
  if (last[0] > 0 && !unit(direction.xi, direction.yi)) return undefined;
  if (last[1] > 0 && !unit(direction.xj, direction.yj)) return undefined;
  const identity =
    x0 === 0 &&
    y0 === 0 &&
    direction.yi === 0 &&
    direction.xj === 0 &&
    direction.xi >= 0 &&
    direction.yj >= 0 &&
    from.columns === to.columns &&
    from.rows === to.rows;
  return { x0, y0, ...direction, identity };
}

/** A mask of plane `from` on plane `to`; undefined where a voxel falls outside of it. */
export function onLattice(mask: SliceMask, from: ImagePlane, to: ImagePlane, map: LatticeMap): SliceMask | undefined {
  if (map.identity) return mask;
  const out = new Uint8Array(to.columns * to.rows);
  for (let index = mask.indexOf(1); index !== -1; index = mask.indexOf(1, index + 1)) {
    const i = index % from.columns;
    const j = (index - i) / from.columns;
    const x = map.x0 + i * map.xi + j * map.xj;
    const y = map.y0 + i * map.yi + j * map.yj;
    if (x < 0 || y < 0 || x >= to.columns || y >= to.rows) return undefined;
    out[y * to.columns + x] = 1;
  }
  return out;
}
