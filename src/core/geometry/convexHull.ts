/** A point in a plane, mm. */
export type PlanePoint = readonly [x: number, y: number];

/**
 * Convex hull by Andrew's monotone chain (Inf. Process. Lett. 9(5), 1979), without collinear points.
 * @returns vertices in counter-clockwise order (x right, y up); the distinct points themselves where there are fewer than three
 */
export function convexHull(points: readonly PlanePoint[]): readonly PlanePoint[] {
  const sorted = [...points]
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .filter((point, index, all) => index === 0 || point[0] !== all[index - 1]![0] || point[1] !== all[index - 1]![1]);
  if (sorted.length < 3) return sorted;
  const lower = chain(sorted);
  const upper = chain(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chain(points: readonly PlanePoint[]): PlanePoint[] {
  const kept: PlanePoint[] = [];
  for (const point of points) {
    while (kept.length >= 2 && turn(kept[kept.length - 2]!, kept[kept.length - 1]!, point) <= 0) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** Positive where a -> b -> c turns left. */
const turn = (a: PlanePoint, b: PlanePoint, c: PlanePoint): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
