import { type AppError, assertNever } from '#core/errors.ts';
import { text } from '../text.ts';
import { type End, promptedSlices } from './lesionPrompts.ts';
import type {
  LesionEnds,
  LesionEvent,
  Prompting,
  Propagating,
  Reviewing,
  SessionState,
  SliceResult,
  Step,
} from './sessionState.ts';
import { stepReviewing } from './stepReviewing.ts';
import { answered, isSlice, unchanged } from './transitions.ts';

/** Slices are arriving. What the reader draws meanwhile is worth more than what the run would still find: it ends the run. */
export function stepPropagating(state: SessionState, lesion: Propagating, slices: number, event: LesionEvent): Step {
  const stay = (change: Partial<Propagating>): Step => ({
    state: { ...state, lesion: { ...lesion, ...change } },
    effects: [],
  });
  switch (event.kind) {
    case 'slices-arrived':
      return event.run === lesion.run ? stay(arrived(lesion, event.results, slices)) : unchanged(state);
    case 'run-expects':
      return event.run === lesion.run ? stay({ expected: event.slices }) : unchanged(state);
    case 'end-reached':
      return event.run === lesion.run ? stay(ended(lesion, event)) : unchanged(state);
    case 'run-finished':
      return event.run === lesion.run ? finished(state, lesion) : unchanged(state);
    case 'run-failed':
      return event.run === lesion.run ? broken(state, lesion, event.error) : unchanged(state);
    case 'escape': {
      const step = broken(state, lesion, undefined);
      return {
        state: step.state,
        effects: [{ kind: 'stop-run' }, { kind: 'tell', text: text.told.stopped }],
      };
    }
    case 'box':
    case 'point':
    case 'remove-slice':
    case 'remove-point':
    case 'move-point':
    case 'paint':
    case 'reshape':
    case 'set-end':
    case 'set-range': {
      const interrupted = opened(lesion);
      const step = stepReviewing(state, interrupted, slices, event);
      if (step.state.lesion === interrupted || step.state === state)
        return { ...unchanged(state), effects: step.effects };
      return { state: step.state, effects: [{ kind: 'stop-run' }, ...step.effects] };
    }
    case 'window-changed': {
      const step = stepReviewing(state, opened(lesion), slices, event);
      return { state: step.state, effects: [{ kind: 'stop-run' }, ...step.effects] };
    }
    case 'preview-glimpsed':
    case 'preview-ready':
    case 'preview-failed': {
      const keyframes = answered(lesion.keyframes, event);
      return keyframes === undefined ? unchanged(state) : stay({ keyframes });
    }
    case 'method-changed':
    case 'propagate':
    case 'accept':
    case 'committed':
    case 'restore':
    case 'uncommitted':
    case 'retry':
      return unchanged(state);
    default:
      return assertNever(event);
  }
}

/** Slices of the run: the reader's own become keyframes' results, painted ones stay as they are, the others are cells. */
function arrived(
  lesion: Propagating,
  results: ReadonlyMap<number, SliceResult>,
  slices: number,
): Pick<Propagating, 'cells' | 'keyframes' | 'stale' | 'done'> {
  const cells = new Map(lesion.cells);
  const keyframes = new Map(lesion.keyframes);
  const stale = new Set(lesion.stale);
  let { done } = lesion;
  for (const [k, result] of results) {
    if (!isSlice(k, slices)) continue;
    stale.delete(k);
    done += 1;
    const prompt = lesion.prompts.slices.get(k);
    if (prompt === undefined) cells.set(k, result);
    else if (prompt.painted === undefined) {
      keyframes.set(k, { status: 'ready', revision: keyframes.get(k)?.revision ?? lesion.run, result });
    }
  }
  return { cells, keyframes, stale, done };
}

/** A side came to its end: what was looked at beyond it is not part of the lesion. */
function ended(
  lesion: Propagating,
  { end, at, dropped }: Extract<LesionEvent, { kind: 'end-reached' }>,
): Pick<Propagating, 'cells' | 'ends'> {
  const cells = new Map(lesion.cells);
  for (const k of dropped) cells.delete(k);
  return { cells, ends: { ...lesion.ends, [end]: at } };
}

/** The run stopped on its own: what it did not confirm is not part of the lesion any more. */
function finished(state: SessionState, lesion: Propagating): Step {
  const cells = new Map([...lesion.cells].filter(([k, { area }]) => area > 0 && !lesion.stale.has(k)));
  const count = cells.size + lesion.keyframes.size;
  return {
    state: { ...state, lesion: reviewing({ ...lesion, cells, stale: new Set() }, lesion.ends, undefined) },
    effects: [{ kind: 'tell', text: text.told.propagated(count) }],
  };
}

/** The run was stopped or failed: keep what there is. */
function broken(state: SessionState, lesion: Propagating, problem: AppError | undefined): Step {
  const { prompts, keyframes } = lesion;
  if (lesion.cells.size === 0)
    return { state: { ...state, lesion: { phase: 'prompting', prompts, keyframes, problem } }, effects: [] };
  const reason = problem === undefined ? 'cancelled' : 'failed';
  const ends: LesionEnds = {
    first: lesion.ends.first ?? { k: outermost(lesion, 'first'), reason },
    last: lesion.ends.last ?? { k: outermost(lesion, 'last'), reason },
  };
  return { state: { ...state, lesion: reviewing(lesion, ends, problem) }, effects: [] };
}

/** As it is without the run: what undo goes back to. */
export const settled = (lesion: Propagating): Prompting | Reviewing =>
  lesion.cells.size === 0
    ? { phase: 'prompting', prompts: lesion.prompts, keyframes: lesion.keyframes, problem: undefined }
    : opened(lesion);

/** As a lesion under review whose unfinished ends stay open, so that the next run goes on there. */
const opened = (lesion: Propagating): Reviewing => reviewing(lesion, lesion.ends, undefined);

function reviewing(lesion: Propagating, ends: LesionEnds, problem: AppError | undefined): Reviewing {
  const { prompts, keyframes, cells, stale } = lesion;
  return { phase: 'reviewing', prompts, keyframes, cells, stale, ends, problem };
}

function outermost(lesion: Propagating, end: End): number {
  const all = [...promptedSlices(lesion.prompts), ...lesion.cells.keys()];
  return end === 'first' ? Math.min(...all) : Math.max(...all);
}
