import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { EVERYTHING, type Scope } from '../propagation/scope.ts';
import type { Direction } from '../propagation/stopReason.ts';
import type { Keyframes, Lesion } from './sessionState.ts';

/**
 * What the run that has begun may change: slices that are not there yet or have to be redone, and ends that are open. A volume
 * model gives all slices anew; those that the reader has seen and that no correction touches stay as they were.
 */
export function redoScope(lesion: Lesion): Scope {
  if (lesion.phase !== 'propagating') return EVERYTHING;
  const { cells, stale } = lesion;
  const { first, last } = lesion.ends;
  return {
    has: (k) =>
      (stale.has(k) || !cells.has(k)) && (first === undefined || k >= first.k) && (last === undefined || k <= last.k),
    ends: new Set<Direction>([
      ...(first === undefined ? (['towards-first'] as const) : []),
      ...(last === undefined ? (['towards-last'] as const) : []),
    ]),
  };
}

/** Masks of boxed slices, by k, that the reader has seen settle: a propagation does not change them. What is still worked on it does. */
export const seenMasks = (keyframes: Keyframes): ReadonlyMap<number, SliceMask> =>
  new Map(
    [...keyframes].flatMap(([k, { status, result }]) =>
      status === 'ready' && result.area > 0 ? [[k, result.mask] as const] : [],
    ),
  );
