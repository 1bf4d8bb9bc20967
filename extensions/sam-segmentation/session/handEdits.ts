import { text } from '../text.ts';
import { promptedSlices, withEnd, withErased, withoutSlice, withPainted } from './lesionPrompts.ts';
import type { Prompting, Reviewing, SessionEvent, SessionState, SliceResult, Step } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';
import { invalidatedAround, invalidatedByEnd } from './staleSlices.ts';
import { isSlice, refused, unchanged } from './transitions.ts';

type Paint = Extract<SessionEvent, { kind: 'paint' }>;
type Reshape = Extract<SessionEvent, { kind: 'reshape' }>;

/**
 * The reader painted a slice: it becomes a keyframe whose mask is the reader's own, and what lies between it and the next
 * keyframes has to be redone. Painting it empty says that the lesion is not there.
 */
export function painted(state: SessionState, before: Prompting | Reviewing, slices: number, event: Paint): Step {
  const { k, result } = event;
  if (!isSlice(k, slices)) return unchanged(state);
  const lesion =
    event.erased === undefined ? before : { ...before, prompts: withErased(before.prompts, k, event.erased) };
  // An eraser that met nothing says nothing.
  if (result === undefined || (result.area === 0 && !lesionResults(lesion).has(k))) {
    return lesion === before ? unchanged(state) : stay(state, lesion);
  }
  if (result.area === 0) return erased(state, lesion, slices, k, result);
  const prompts = withPainted(lesion.prompts, k, result);
  const serial = state.serial + 1;
  const keyframes = new Map(lesion.keyframes).set(k, { status: 'ready', revision: serial, result });
  if (lesion.phase === 'prompting') return stay({ ...state, serial }, { ...lesion, prompts, keyframes });
  const cells = new Map(lesion.cells);
  cells.delete(k);
  const next = { ...lesion, prompts, keyframes, cells, problem: undefined };
  return stay({ ...state, serial }, { ...next, ...invalidatedAround(lesion, k, prompts) });
}

/** Nothing is left on a slice: outside the others the lesion ends before it, between them the slice stays empty. */
function erased(
  state: SessionState,
  lesion: Prompting | Reviewing,
  slices: number,
  k: number,
  result: SliceResult,
): Step {
  const others = promptedSlices(lesion.prompts).filter((other) => other !== k);
  const [lowest, highest] = [others[0], others.at(-1)];
  if (lowest === undefined || highest === undefined) return refused(state, text.refused.nothingLeft);
  const keyframes = new Map(lesion.keyframes);
  keyframes.delete(k);
  if (k > lowest && k < highest) {
    const prompts = withPainted(lesion.prompts, k, result);
    keyframes.set(k, { status: 'ready', revision: state.serial + 1, result });
    const serial = state.serial + 1;
    if (lesion.phase === 'prompting') return stay({ ...state, serial }, { ...lesion, prompts, keyframes });
    const cells = new Map(lesion.cells);
    cells.delete(k);
    return stay(
      { ...state, serial },
      { ...lesion, prompts, keyframes, cells, ...invalidatedAround(lesion, k, prompts) },
    );
  }
  const without = withoutSlice(lesion.prompts, k) ?? lesion.prompts;
  const end = k < lowest ? 'first' : 'last';
  const prompts = withEnd(without, end, end === 'first' ? k + 1 : k - 1, slices);
  if (lesion.phase === 'prompting') return stay(state, { ...lesion, prompts, keyframes });
  const cells = new Map(lesion.cells);
  cells.delete(k);
  const spread = { ...lesion, prompts, keyframes, cells };
  return stay(state, { ...spread, ...invalidatedByEnd(spread, end, prompts) });
}

/**
 * Slices that were computed from the masks there are (filled, smoothed, without islands). They stay what they are, keyframe or
 * not; nothing has to be redone. Slices between boxes that were never propagated become part of the lesion.
 */
export function reshaped(state: SessionState, lesion: Prompting | Reviewing, { results }: Reshape): Step {
  const keyframes = new Map(lesion.keyframes);
  const cells = new Map<number, SliceResult>(lesion.phase === 'reviewing' ? lesion.cells : []);
  const stale = new Set(lesion.phase === 'reviewing' ? lesion.stale : []);
  let { prompts } = lesion;
  const serial = state.serial + 1;
  for (const [k, result] of results) {
    stale.delete(k);
    if (prompts.slices.has(k)) {
      prompts = withPainted(prompts, k, result);
      keyframes.set(k, { status: 'ready', revision: serial, result });
    } else if (result.area === 0) cells.delete(k);
    else cells.set(k, result);
  }
  const next = { ...state, serial };
  if (lesion.phase === 'reviewing') return stay(next, { ...lesion, prompts, keyframes, cells, stale });
  if (cells.size === 0) return stay(next, { ...lesion, prompts, keyframes });
  const boxed = promptedSlices(prompts);
  const at = (k: number | undefined) => ({ k: k ?? 0, reason: 'range' as const });
  const ends = { first: at(boxed[0]), last: at(boxed.at(-1)) };
  return stay(next, { phase: 'reviewing', prompts, keyframes, cells, stale, ends, problem: undefined });
}

const stay = (state: SessionState, lesion: Prompting | Reviewing): Step => ({
  state: { ...state, lesion },
  effects: [],
});
