import { convexHull, type PlanePoint } from '../geometry/convexHull.ts';
import { type SlicePoint, slicePoint } from '../geometry/coordinates.ts';
import type { ImagePlane } from '../geometry/imagePlane.ts';
import type { SegmentVoxels, SliceMask } from './labelmap.ts';

/** Long and short axis of a lesion on one slice, as in RECIST 1.1 (Eisenhauer 2009, section 4.2). */
export interface Diameter {
  readonly k: number;
  /** Longest in-plane distance, mm. */
  readonly longMm: number;
  /** Longest chord of the convex outline at right angles to it, mm. */
  readonly shortMm: number;
  /** Ends of the long axis, px. */
  readonly ends: readonly [SlicePoint, SlicePoint];
  /** Ends of the short one, px. */
  readonly shortEnds: readonly [SlicePoint, SlicePoint];
}

/**
 * The longest diameter of one slice. The outline runs half a pixel outside the pixel centres (where a contour at level 0.5 crosses
 * the grid lines), so a row of n pixels is n pixels long. Separate parts (8-connected) are measured apart: a caliper does not span
 * the tissue between two lesions.
 * @param plane anisotropic pixels are measured in mm
 * @returns undefined for an empty mask
 */
export function sliceDiameter(mask: SliceMask, plane: ImagePlane, k: number): Diameter | undefined {
  let best: Diameter | undefined;
  for (const part of outlinesOf(mask, plane.columns)) {
    const hull = convexHull(part.map(([x, y]): PlanePoint => [x * plane.columnSpacing, y * plane.rowSpacing]));
    const { from, to, length } = farthest(hull);
    if (best !== undefined && length <= best.longMm) continue;
    const px = (point: PlanePoint): SlicePoint =>
      slicePoint(point[0] / plane.columnSpacing, point[1] / plane.rowSpacing);
    const across = longestChordAcross(hull, from, to);
    best = {
      k,
      longMm: length,
      shortMm: across.length,
      ends: [px(from), px(to)],
      shortEnds: [px(across.from), px(across.to)],
    };
  }
  return best;
}

/** The longest of the slices' diameters. `measure` may remember what it has measured. */
export function longestDiameter(
  voxels: SegmentVoxels,
  planes: readonly ImagePlane[],
  measure: typeof sliceDiameter = sliceDiameter,
): Diameter | undefined {
  let best: Diameter | undefined;
  for (const k of [...voxels.keys()].sort((a, b) => a - b)) {
    const plane = planes[k];
    const diameter = plane && measure(voxels.get(k)!, plane, k);
    if (diameter && (best === undefined || diameter.longMm > best.longMm)) best = diameter;
  }
  return best;
}

/** Outline points, px, of each 8-connected part: only pixels with a free 4-neighbour can lie on the hull. */
function outlinesOf(mask: SliceMask, columns: number): PlanePoint[][] {
  const seen = new Uint8Array(mask.length);
  const parts: PlanePoint[][] = [];
  const rows = mask.length / columns;
  for (let start = mask.indexOf(1); start !== -1; start = mask.indexOf(1, start + 1)) {
    if (seen[start] === 1) continue;
    const outline: PlanePoint[] = [];
    const open = [start];
    seen[start] = 1;
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      const x = index % columns;
      const y = (index - x) / columns;
      if (x === 0 || mask[index - 1] === 0) outline.push([x - 0.5, y]);
      if (x === columns - 1 || mask[index + 1] === 0) outline.push([x + 0.5, y]);
      if (y === 0 || mask[index - columns] === 0) outline.push([x, y - 0.5]);
      if (y === rows - 1 || mask[index + columns] === 0) outline.push([x, y + 0.5]);
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v += 1) {
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u += 1) {
          const next = v * columns + u;
          if (mask[next] === 0 || seen[next] === 1) continue;
          seen[next] = 1;
          open.push(next);
        }
      }
    }
    parts.push(outline);
  }
  return parts;
}

interface Chord {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  /** mm */
  readonly length: number;
}

/** Hulls of lesions have some tens of vertices: all pairs is simpler than rotating calipers and never wrong. */
function farthest(hull: readonly PlanePoint[]): Chord {
  let found = { from: hull[0]!, to: hull[0]!, length: 0 };
  for (const [index, from] of hull.entries()) {
    for (const to of hull.slice(index + 1)) {
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (length > found.length) found = { from, to, length };
    }
  }
  return found;
}

/** The chord's length is a concave function of its place along the axis, linear between vertices: the longest is at a vertex. */
function longestChordAcross(hull: readonly PlanePoint[], from: PlanePoint, to: PlanePoint): Chord {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (length === 0) return { from, to, length: 0 };
  const axis: PlanePoint = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const turned = hull.map(([x, y]): PlanePoint => {
    const [dx, dy] = [x - from[0], y - from[1]];
    return [dx * axis[0] + dy * axis[1], dy * axis[0] - dx * axis[1]];
  });
  const chords = turned.map(([along]) => ({ along, ...chordAt(turned, along) }));
  const { along, low, high } = chords.reduce((best, chord) =>
    chord.high - chord.low > best.high - best.low ? chord : best,
  );
  const back = (height: number): PlanePoint => [
    from[0] + along * axis[0] - height * axis[1],
    from[1] + along * axis[1] + height * axis[0],
  ];
  return { from: back(low), to: back(high), length: high - low };
}

/** Where a line at right angles to the axis enters and leaves the outline; nowhere: 0 and 0. */
function chordAt(turned: readonly PlanePoint[], along: number): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [index, a] of turned.entries()) {
    const b = turned[(index + 1) % turned.length]!;
    if (Math.min(a[0], b[0]) > along || Math.max(a[0], b[0]) < along) continue;
    const share = a[0] === b[0] ? 0 : (along - a[0]) / (b[0] - a[0]);
    for (const height of a[0] === b[0] ? [a[1], b[1]] : [a[1] + share * (b[1] - a[1])]) {
      low = Math.min(low, height);
      high = Math.max(high, height);
    }
  }
  return high >= low ? { low, high } : { low: 0, high: 0 };
}
