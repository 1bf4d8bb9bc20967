import { assertNever } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import { text } from '../text.ts';
import { painted, reshaped } from './handEdits.ts';
import {
  type LesionPrompts,
  withBox,
  withEnd,
  withMovedPoint,
  withoutPoint,
  withoutSlice,
  withPoint,
  withRange,
} from './lesionPrompts.ts';
import type { LesionEvent, Reviewing, SessionState, Step } from './sessionState.ts';
import { invalidatedAround, invalidatedByEnd } from './staleSlices.ts';
import {
  accepted,
  answered,
  asked,
  askedAgain,
  committed,
  dropped,
  isSlice,
  ranged,
  refused,
  unchanged,
} from './transitions.ts';

/** The reader looks through the result; each correction becomes a keyframe and marks what depends on it. */
export function stepReviewing(state: SessionState, lesion: Reviewing, slices: number, event: LesionEvent): Step {
  const stay = (next: Reviewing): Step => ({ state: { ...state, lesion: next }, effects: [] });
  switch (event.kind) {
    case 'box':
      if (!isSlice(event.k, slices)) return unchanged(state);
      return corrected(state, lesion, event.k, boxed(lesion, event.k, event.box, slices), event.draft);
    case 'point': {
      const box = lesion.prompts.slices.get(event.k)?.box ?? lesion.cells.get(event.k)?.box;
      if (box === undefined) return refused(state, text.refused.noBox);
      return corrected(state, lesion, event.k, withPoint(lesion.prompts, event.k, event.point, box), false);
    }
    case 'move-point': {
      const prompts = withMovedPoint(lesion.prompts, event.k, event.index, event.at);
      return prompts === lesion.prompts ? unchanged(state) : corrected(state, lesion, event.k, prompts, false);
    }
    case 'paint':
      return painted(state, lesion, slices, event);
    case 'reshape':
      return reshaped(state, lesion, event);
    case 'remove-point': {
      const prompts = withoutPoint(lesion.prompts, event.k, event.index);
      return prompts === lesion.prompts ? unchanged(state) : corrected(state, lesion, event.k, prompts, false);
    }
    case 'remove-slice': {
      const prompts = withoutSlice(lesion.prompts, event.k);
      if (prompts === lesion.prompts) return unchanged(state);
      return prompts === undefined ? dropped(state, lesion) : stay(released(lesion, event.k, prompts));
    }
    case 'set-end': {
      const prompts = withEnd(lesion.prompts, event.end, event.k, slices);
      if (prompts === lesion.prompts) return unchanged(state);
      return stay({ ...lesion, prompts, ...invalidatedByEnd(lesion, event.end, prompts) });
    }
    case 'set-range': {
      const prompts = withRange(lesion.prompts, event, slices);
      let next: Reviewing = { ...lesion, prompts };
      for (const end of ['first', 'last'] as const) {
        if (prompts.range[end] === lesion.prompts.range[end]) continue;
        next = { ...next, ...invalidatedByEnd(next, end, prompts) };
      }
      return prompts === lesion.prompts ? unchanged(state) : ranged(state, next);
    }
    case 'window-changed':
    case 'method-changed':
      return askedAgain(state, { ...lesion, stale: new Set(lesion.cells.keys()), ends: {} });
    case 'preview-glimpsed':
    case 'preview-ready':
    case 'preview-failed': {
      const keyframes = answered(lesion.keyframes, event);
      return keyframes === undefined ? unchanged(state) : stay({ ...lesion, keyframes });
    }
    case 'propagate':
    case 'retry': {
      const run = state.serial + 1;
      const { prompts, keyframes, cells, stale } = lesion;
      // An end that was cut short is looked at again; one that was found stands until a prompt touches its side.
      const ends = Object.fromEntries(
        Object.entries(lesion.ends).filter(([, { reason }]) => reason !== 'cancelled' && reason !== 'failed'),
      );
      return {
        state: {
          ...state,
          serial: run,
          lesion: { phase: 'propagating', prompts, keyframes, cells, stale, ends, run, done: 0, expected: undefined },
        },
        effects: [{ kind: 'propagate', run }],
      };
    }
    case 'accept':
      return accepted(state, lesion);
    case 'committed':
      return committed(state, lesion, event);
    case 'escape':
      return dropped(state, lesion);
    case 'slices-arrived':
    case 'run-expects':
    case 'end-reached':
    case 'run-finished':
    case 'run-failed':
    case 'restore':
    case 'uncommitted':
      return unchanged(state);
    default:
      return assertNever(event);
  }
}

/** A box on the slice where the lesion was found to end says that it does end there: with the key box, a three-box plan. */
function boxed(lesion: Reviewing, k: number, box: SliceBox, slices: number): LesionPrompts {
  const prompts = withBox(lesion.prompts, k, box);
  if (lesion.prompts.slices.has(k)) return prompts;
  const found = (['first', 'last'] as const).find((end) => {
    const at = lesion.ends[end];
    return at?.k === k && at.reason !== 'cancelled' && at.reason !== 'failed';
  });
  return found === undefined ? prompts : withEnd(prompts, found, k, slices);
}

/** The slice becomes a keyframe: it shows what was there until its own answer comes. */
function corrected(state: SessionState, lesion: Reviewing, k: number, prompts: LesionPrompts, draft: boolean): Step {
  const before = lesion.cells.get(k);
  const cells = new Map(lesion.cells);
  cells.delete(k);
  const keyframes =
    before === undefined
      ? lesion.keyframes
      : new Map(lesion.keyframes).set(k, { status: 'ready', revision: state.serial, result: before });
  const next = { ...lesion, prompts, cells, keyframes, problem: undefined, ...invalidatedAround(lesion, k, prompts) };
  return asked(state, next, k, draft);
}

/** A keyframe that is no longer one becomes an ordinary cell, to be redone. */
function released(lesion: Reviewing, k: number, prompts: LesionPrompts): Reviewing {
  const result = lesion.keyframes.get(k)?.result;
  const keyframes = new Map(lesion.keyframes);
  keyframes.delete(k);
  const cells = new Map(lesion.cells);
  if (result !== undefined) cells.set(k, result);
  const next = { ...lesion, prompts, keyframes, cells };
  return { ...next, ...invalidatedAround(next, k, prompts) };
}

/** Whether something the reader said is not in the result yet. */
export const needsRun = (lesion: Reviewing): boolean =>
  lesion.stale.size > 0 || lesion.ends.first === undefined || lesion.ends.last === undefined;
