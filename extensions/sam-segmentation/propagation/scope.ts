import type { Keyframe } from './knowledge.ts';
import type { Direction } from './stopReason.ts';

/** What a run may change: the rest is kept as the reader saw it. */
export interface Scope {
  has(k: number): boolean;
  /** Sides whose end is looked for. */
  readonly ends: ReadonlySet<Direction>;
}

export const EVERYTHING: Scope = { has: () => true, ends: new Set(['towards-first', 'towards-last']) };

/**
 * What depends on one keyframe: the slices between it and its neighbours, or out to the end where it has none.
 * @param keyframes ascending
 */
export function scopeOfChange(keyframes: readonly Keyframe[], changed: number): Scope {
  const below = keyframes.findLast(({ k }) => k < changed)?.k;
  const above = keyframes.find(({ k }) => k > changed)?.k;
  return {
    has: (k) => (below === undefined || k >= below) && (above === undefined || k <= above),
    ends: new Set<Direction>([
      ...(below === undefined ? (['towards-first'] as const) : []),
      ...(above === undefined ? (['towards-last'] as const) : []),
    ]),
  };
}
