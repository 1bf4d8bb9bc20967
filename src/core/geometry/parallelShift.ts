import type { Stack } from './stack.ts';
import { PARALLEL_COSINE } from './tolerances.ts';
import { displacement, dot } from './vector.ts';

/** From a place in one stack to the same place in another whose axes have the same directions, mm along the columns' and the rows' index. */
export interface ParallelShift {
  readonly x: number;
  readonly y: number;
}

/**
 * What to add to a place in `from`, counted from the centre of pixel (0, 0), to have it in `to`. Positions along the normal are
 * the same number in both.
 * @returns undefined where rows, columns or slices run otherwise, or where one of the two is no regular grid
 */
export function parallelShift(from: Stack, to: Stack): ParallelShift | undefined {
  const [a, b] = [from.grid, to.grid];
  if (a === undefined || b === undefined) return undefined;
  const parallel = a.directions.every((direction, axis) => dot(direction, b.directions[axis]!) >= PARALLEL_COSINE);
  if (!parallel) return undefined;
  const way = displacement(b.origin, a.origin);
  return { x: dot(way, a.directions[0]), y: dot(way, a.directions[1]) };
}
