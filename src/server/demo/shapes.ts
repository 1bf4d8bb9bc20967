/** Signed distances in mm, negative inside; approximate away from the surface, which is all that a soft edge needs. */
import { mix } from './noise.ts';

export type Point = readonly [x: number, y: number, z: number];

/** Ellipsoid with radii `r`, turned by `angle` (radians) in the axial plane; 25 mm or more away, just that. */
export function ellipsoid(x: number, y: number, z: number, c: Point, r: Point, angle = 0): number {
  let dx = x - c[0];
  let dy = y - c[1];
  const reach = Math.max(r[0], r[1]) + 25;
  if (dx > reach || dx < -reach || dy > reach || dy < -reach) return 25;
  if (angle !== 0) {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const turned = cos * dx + sin * dy;
    dy = cos * dy - sin * dx;
    dx = turned;
  }
  const u = dx / r[0];
  const v = dy / r[1];
  const w = (z - c[2]) / r[2];
  const f = Math.sqrt(u * u + v * v + w * w);
  if (f < 1e-6) return -Math.min(r[0], r[1], r[2]);
  const gu = u / r[0];
  const gv = v / r[1];
  const gw = w / r[2];
  return (f * (f - 1)) / Math.sqrt(gu * gu + gv * gv + gw * gw);
}

/** A tube along straight pieces, with a radius at each point. */
export interface Tube {
  readonly points: readonly (readonly [...Point, radius: number])[];
}

export function tube(x: number, y: number, z: number, { points }: Tube): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let at = 0; at + 1 < points.length; at += 1) {
    const a = points[at]!;
    const b = points[at + 1]!;
    const ux = b[0] - a[0];
    const uy = b[1] - a[1];
    const uz = b[2] - a[2];
    const along = ((x - a[0]) * ux + (y - a[1]) * uy + (z - a[2]) * uz) / (ux * ux + uy * uy + uz * uz);
    const t = Math.min(1, Math.max(0, along));
    const dx = x - a[0] - t * ux;
    const dy = y - a[1] - t * uy;
    const dz = z - a[2] - t * uz;
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz) - mix(a[3], b[3], t);
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

/** Union whose seam is rounded over `radius` mm. */
export function blend(a: number, b: number, radius: number): number {
  const h = Math.max(0, radius - Math.abs(a - b)) / radius;
  return Math.min(a, b) - (h * h * radius) / 4;
}

/** Box in mm (x0, x1, y0, y1) around what a slice at height z cuts of a tube; undefined where it cuts nothing. */
export function tubeBounds(
  { points }: Tube,
  z: number,
  margin: number,
): readonly [number, number, number, number] | undefined {
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let at = 0; at + 1 < points.length; at += 1) {
    const [a, b] = [points[at]!, points[at + 1]!];
    const reach = Math.max(a[3], b[3]) + margin;
    if (z < Math.min(a[2], b[2]) - reach || z > Math.max(a[2], b[2]) + reach) continue;
    xs.push(a[0] - reach, a[0] + reach, b[0] - reach, b[0] + reach);
    ys.push(a[1] - reach, a[1] + reach, b[1] - reach, b[1] + reach);
  }
  return xs.length === 0 ? undefined : [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
}
