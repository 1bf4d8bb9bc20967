import type { Vector3 } from './coordinates.ts';
import { scale } from './vector.ts';

/** Below this share of a direction an axis is not named: 0.1 is 6 degrees. */
const NAMED_SHARE = 0.1;

/**
 * Letters of the patient side that a direction points to, strongest axis first: 'L', 'PL', 'HA'... In LPS (PS3.3 C.7.6.1.1.1)
 * L, P and H (head) are the positive ends. At most two letters: more cannot be read at a glance.
 */
export function orientationLetters(direction: Vector3): string {
  const ends = [
    ['L', 'R'],
    ['P', 'A'],
    ['H', 'F'],
  ] as const;
  return direction
    .map((share, axis) => ({ size: Math.abs(share), letter: ends[axis]![share >= 0 ? 0 : 1] }))
    .filter(({ size }) => size > NAMED_SHARE)
    .sort((a, b) => b.size - a.size)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join('');
}

export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/**
 * Letters at the four edges of an image.
 * @param right direction of increasing screen x
 * @param down direction of increasing screen y
 */
export const edgeLetters = (right: Vector3, down: Vector3): EdgeLetters => ({
  left: orientationLetters(scale(right, -1)),
  right: orientationLetters(right),
  top: orientationLetters(scale(down, -1)),
  bottom: orientationLetters(down),
});
