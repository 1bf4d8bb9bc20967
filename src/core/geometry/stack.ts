import type { PatientPoint, Vector3 } from './coordinates.ts';
import { type ImagePlane, planeNormal } from './imagePlane.ts';
import {
  MISSING_SLICE_TOLERANCE,
  PARALLEL_COSINE,
  SAME_POSITION_MM,
  SPACING_RELATIVE_TOLERANCE,
  TILT_DRIFT_PIXELS,
} from './tolerances.ts';
import { displacement, dot, scale } from './vector.ts';
import type { VoxelGrid } from './voxelGrid.ts';

/** What is wrong with the geometry of a series, with the numbers that say so. */
export type StackIssue =
  | { readonly kind: 'single-slice' }
  | { readonly kind: 'missing-slices'; readonly missing: number; readonly afterSlices: readonly number[] }
  | { readonly kind: 'uneven-spacing'; readonly smallestMm: number; readonly largestMm: number }
  | { readonly kind: 'tilted'; readonly degrees: number }
  | { readonly kind: 'duplicate-positions'; readonly duplicates: number; readonly positions: number }
  | { readonly kind: 'mixed-orientations'; readonly orientations: number }
  | { readonly kind: 'mixed-grids'; readonly grids: number };

/**
 * What may be done with a stack: `volume` everything; `slices` view and segment slice by slice, but no reformats, because the
 * slices do not form a regular grid; `view` only look, because a slice index has no single place in the patient.
 */
export type StackUse = 'volume' | 'slices' | 'view';

/** Slices ordered along their common normal: k = 0 has the lowest position. */
export interface Stack {
  /** Planes by k. */
  readonly planes: readonly ImagePlane[];
  /** Index into the planes given, by k. */
  readonly order: readonly number[];
  readonly normal: Vector3;
  /** Position of each slice along the normal, mm, by k; ascending where use is not `view`. */
  readonly positions: readonly number[];
  /** Median distance between neighbouring slices, mm; undefined for one slice. */
  readonly sliceSpacing: number | undefined;
  readonly issues: readonly StackIssue[];
  readonly use: StackUse;
  /** Present where use is `volume`. */
  readonly grid: VoxelGrid | undefined;
}

/**
 * Orders slices by their position along the common normal and says how far the result can be trusted.
 * @param planes at least one, in any order
 */
export function stackOf(planes: readonly ImagePlane[]): Stack {
  const reference = planes[0];
  if (reference === undefined) throw new Error('stackOf needs at least one plane');
  const normal = planeNormal(reference);
  const along = (plane: ImagePlane): number => dot(plane.position, normal);
  const order = planes.map((_, index) => index).sort((a, b) => along(planes[a]!) - along(planes[b]!) || a - b);
  const sorted = order.map((index) => planes[index]!);
  const positions = sorted.map(along);
  const issues = findIssues(sorted, positions, normal);
  const use = permittedUse(issues);
  const sliceSpacing = positions.length > 1 ? median(gapsOf(positions)) : undefined;
  const grid = use === 'volume' ? gridOf(sorted, normal, positions) : undefined;
  return { planes: sorted, order, normal, positions, sliceSpacing, issues, use, grid };
}

function findIssues(sorted: readonly ImagePlane[], positions: readonly number[], normal: Vector3): StackIssue[] {
  const issues: StackIssue[] = [];
  const orientations = countDistinct(sorted, sameOrientation);
  if (orientations > 1) issues.push({ kind: 'mixed-orientations', orientations });
  const grids = countDistinct(sorted, samePixelGrid);
  if (grids > 1) issues.push({ kind: 'mixed-grids', grids });
  if (sorted.length === 1) issues.push({ kind: 'single-slice' });
  if (orientations > 1 || sorted.length === 1) return issues;

  const gaps = gapsOf(positions);
  const duplicates = gaps.filter((gap) => gap < SAME_POSITION_MM).length;
  if (duplicates > 0) {
    issues.push({ kind: 'duplicate-positions', duplicates, positions: sorted.length - duplicates });
    return issues;
  }
  issues.push(...spacingIssues(gaps), ...tiltIssues(sorted, positions, normal));
  return issues;
}

function spacingIssues(gaps: readonly number[]): StackIssue[] {
  const typical = median(gaps);
  const deviant = gaps.flatMap((gap, index) =>
    Math.abs(gap - typical) > SPACING_RELATIVE_TOLERANCE * typical ? [{ ratio: gap / typical, index }] : [],
  );
  if (deviant.length === 0) return [];
  const whole = deviant.every(
    ({ ratio }) => ratio > 1.5 && Math.abs(ratio - Math.round(ratio)) <= MISSING_SLICE_TOLERANCE,
  );
  if (!whole) return [{ kind: 'uneven-spacing', smallestMm: Math.min(...gaps), largestMm: Math.max(...gaps) }];
  const missing = deviant.reduce((sum, { ratio }) => sum + Math.round(ratio) - 1, 0);
  return [{ kind: 'missing-slices', missing, afterSlices: deviant.map(({ index }) => index) }];
}

function tiltIssues(sorted: readonly ImagePlane[], positions: readonly number[], normal: Vector3): StackIssue[] {
  const first = sorted[0]!;
  let worst = 0;
  let degrees = 0;
  sorted.forEach((plane, k) => {
    const height = positions[k]! - positions[0]!;
    const drift = inPlane(displacement(first.position, plane.position), normal);
    const pixels = Math.max(
      Math.abs(dot(drift, first.rowDirection)) / first.columnSpacing,
      Math.abs(dot(drift, first.columnDirection)) / first.rowSpacing,
    );
    if (pixels > worst) {
      worst = pixels;
      degrees = (Math.atan2(Math.sqrt(dot(drift, drift)), height) * 180) / Math.PI;
    }
  });
  return worst > TILT_DRIFT_PIXELS ? [{ kind: 'tilted', degrees }] : [];
}

function permittedUse(issues: readonly StackIssue[]): StackUse {
  let use: StackUse = 'volume';
  for (const { kind } of issues) {
    if (kind === 'duplicate-positions' || kind === 'mixed-orientations' || kind === 'mixed-grids') return 'view';
    use = 'slices';
  }
  return use;
}

function gridOf(sorted: readonly ImagePlane[], normal: Vector3, positions: readonly number[]): VoxelGrid {
  const first = sorted[0]!;
  const spacing = (positions[positions.length - 1]! - positions[0]!) / (positions.length - 1);
  return {
    columns: first.columns,
    rows: first.rows,
    slices: sorted.length,
    spacing: [first.columnSpacing, first.rowSpacing, spacing],
    origin: first.position as PatientPoint,
    directions: [first.rowDirection, first.columnDirection, normal],
  };
}

const gapsOf = (positions: readonly number[]): number[] => positions.slice(1).map((p, index) => p - positions[index]!);

const inPlane = (v: Vector3, normal: Vector3): Vector3 => {
  const out = scale(normal, dot(v, normal));
  return [v[0] - out[0], v[1] - out[1], v[2] - out[2]];
};

const sameOrientation = (a: ImagePlane, b: ImagePlane): boolean =>
  dot(a.rowDirection, b.rowDirection) >= PARALLEL_COSINE &&
  dot(a.columnDirection, b.columnDirection) >= PARALLEL_COSINE;

const samePixelGrid = (a: ImagePlane, b: ImagePlane): boolean =>
  a.rows === b.rows &&
  a.columns === b.columns &&
  Math.abs(a.rowSpacing - b.rowSpacing) <= 1e-4 * a.rowSpacing &&
  Math.abs(a.columnSpacing - b.columnSpacing) <= 1e-4 * a.columnSpacing;

function countDistinct<T>(values: readonly T[], same: (a: T, b: T) => boolean): number {
  const seen: T[] = [];
  for (const value of values) if (!seen.some((other) => same(other, value))) seen.push(value);
  return seen.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
