import { type End, type LesionPrompts, promptedSlices } from './lesionPrompts.ts';
import type { Reviewing } from './sessionState.ts';

type Spread = Pick<Reviewing, 'prompts' | 'keyframes' | 'cells' | 'stale' | 'ends'>;

/**
 * What has to be redone after a prompt on slice k changed: the slices between it and the next keyframe on either side. Where
 * there is no keyframe beyond, that side is open again.
 * @param prompts after the change
 */
export function invalidatedAround(spread: Spread, k: number, prompts: LesionPrompts): Pick<Spread, 'stale' | 'ends'> {
  const others = promptedSlices(prompts).filter((other) => other !== k);
  const below = others.filter((other) => other < k).at(-1);
  const above = others.find((other) => other > k);
  const stale = new Set(spread.stale);
  for (const cell of spread.cells.keys()) {
    if (cell !== k && (below === undefined || cell > below) && (above === undefined || cell < above)) stale.add(cell);
  }
  if (below !== undefined) addBetween(stale, below, k);
  if (above !== undefined) addBetween(stale, k, above);
  if (prompts.slices.has(k)) stale.delete(k);
  else stale.add(k);
  const { first, last } = spread.ends;
  return {
    stale,
    ends: {
      ...(below !== undefined && first ? { first } : {}),
      ...(above !== undefined && last ? { last } : {}),
    },
  };
}

/**
 * One end was set by the reader: the whole side beyond the outermost keyframe follows another size profile, so it is redone;
 * cells beyond the end go at once, since the reader said that they are wrong.
 */
export function invalidatedByEnd(
  spread: Spread,
  end: End,
  prompts: LesionPrompts,
): Pick<Spread, 'cells' | 'stale' | 'ends'> {
  const limit = prompts.range[end]!;
  const prompted = promptedSlices(prompts);
  const outermost = end === 'first' ? prompted[0]! : prompted.at(-1)!;
  const beyondLimit = (k: number): boolean => (end === 'first' ? k < limit : k > limit);
  const cells = new Map([...spread.cells].filter(([k]) => !beyondLimit(k)));
  const stale = new Set([...spread.stale].filter((k) => !beyondLimit(k)));
  addBetween(stale, Math.min(outermost, limit), Math.max(outermost, limit));
  if (limit !== outermost) stale.add(limit);
  const { first, last } = spread.ends;
  return { cells, stale, ends: end === 'first' ? (last ? { last } : {}) : first ? { first } : {} };
}

function addBetween(into: Set<number>, low: number, high: number): void {
  for (let k = low + 1; k < high; k += 1) into.add(k);
}
