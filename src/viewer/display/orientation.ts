import type { Vector3 } from '#core/geometry/coordinates.ts';

/** What lies at the edges of a view, in letters of the patient (PS3.3 C.7.6.1.1.1: L, P, H and their opposites). */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Below this share a direction's component is not worth a letter (16 degrees). */
const SMALLEST_COMPONENT = 0.28;

/** Letters of a direction in LPS, the largest component first: 'A', 'HL'. */
export function directionLetters(direction: Vector3): string {
  return direction
    .map((component, axis) => ({ size: Math.abs(component), letter: (component > 0 ? 'LPH' : 'RAF')[axis] ?? '' }))
    .filter(({ size }) => size >= SMALLEST_COMPONENT)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('');
}

/** @param right direction in the patient that points to the right of the view; `down` to its lower edge */
export const edgeLetters = (right: Vector3, down: Vector3): EdgeLetters => ({
  left: directionLetters([-right[0], -right[1], -right[2]]),
  right: directionLetters(right),
  top: directionLetters([-down[0], -down[1], -down[2]]),
  bottom: directionLetters(down),
});
