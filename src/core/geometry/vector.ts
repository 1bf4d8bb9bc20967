import { type PatientPoint, patientPoint, type Vector3 } from './coordinates.ts';

export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const length = (a: Vector3): number => Math.sqrt(dot(a, a));

export const scale = (a: Vector3, s: number): Vector3 => [a[0] * s, a[1] * s, a[2] * s];

export const normalize = (a: Vector3): Vector3 => scale(a, 1 / length(a));

/** Displacement from `from` to `to`, mm. */
export const displacement = (from: PatientPoint, to: PatientPoint): Vector3 => [
  to[0] - from[0],
  to[1] - from[1],
  to[2] - from[2],
];

/** `origin + a*u + b*v + c*w`. */
export function moved(
  origin: PatientPoint,
  ...steps: readonly (readonly [direction: Vector3, distance: number])[]
): PatientPoint {
  let [x, y, z] = origin;
  for (const [direction, distance] of steps) {
    x += direction[0] * distance;
    y += direction[1] * distance;
    z += direction[2] * distance;
  }
  return patientPoint(x, y, z);
}
