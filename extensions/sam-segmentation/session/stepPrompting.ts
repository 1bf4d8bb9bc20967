import { assertNever } from '#core/errors.ts';
import { text } from '../text.ts';
import { painted, reshaped } from './handEdits.ts';
import { withBox, withEnd, withMovedPoint, withoutPoint, withoutSlice, withPoint, withRange } from './lesionPrompts.ts';
import type { LesionEvent, Prompting, SessionState, Step } from './sessionState.ts';
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

/** Boxes and points are being placed; nothing has been propagated. */
export function stepPrompting(state: SessionState, lesion: Prompting, slices: number, event: LesionEvent): Step {
  const stay = (next: Prompting): Step => ({ state: { ...state, lesion: next }, effects: [] });
  switch (event.kind) {
    case 'box':
      if (!isSlice(event.k, slices)) return unchanged(state);
      return asked(state, { ...lesion, prompts: withBox(lesion.prompts, event.k, event.box) }, event.k, event.draft);
    case 'point': {
      const box = lesion.prompts.slices.get(event.k)?.box;
      if (box === undefined) return refused(state, text.refused.noBox);
      return asked(state, { ...lesion, prompts: withPoint(lesion.prompts, event.k, event.point, box) }, event.k, false);
    }
    case 'move-point': {
      const prompts = withMovedPoint(lesion.prompts, event.k, event.index, event.at);
      return prompts === lesion.prompts ? unchanged(state) : asked(state, { ...lesion, prompts }, event.k, false);
    }
    case 'paint':
      return painted(state, lesion, slices, event);
    case 'reshape':
      return reshaped(state, lesion, event);
    case 'remove-point': {
      const prompts = withoutPoint(lesion.prompts, event.k, event.index);
      return prompts === lesion.prompts ? unchanged(state) : asked(state, { ...lesion, prompts }, event.k, false);
    }
    case 'remove-slice': {
      const prompts = withoutSlice(lesion.prompts, event.k);
      if (prompts === lesion.prompts) return unchanged(state);
      if (prompts === undefined) return dropped(state, lesion);
      const keyframes = new Map(lesion.keyframes);
      keyframes.delete(event.k);
      return stay({ ...lesion, prompts, keyframes });
    }
    case 'set-end':
      return stay({ ...lesion, prompts: withEnd(lesion.prompts, event.end, event.k, slices) });
    case 'set-range': {
      const prompts = withRange(lesion.prompts, event, slices);
      return prompts === lesion.prompts ? unchanged(state) : ranged(state, { ...lesion, prompts });
    }
    case 'window-changed':
    case 'method-changed':
      return askedAgain(state, lesion);
    case 'retry':
      return askedAgain(state, { ...lesion, problem: undefined }, (keyframe) => keyframe?.status !== 'ready');
    case 'preview-glimpsed':
    case 'preview-ready':
    case 'preview-failed': {
      const keyframes = answered(lesion.keyframes, event);
      return keyframes === undefined ? unchanged(state) : stay({ ...lesion, keyframes });
    }
    case 'propagate': {
      const run = state.serial + 1;
      const { prompts, keyframes } = lesion;
      const spread = { prompts, keyframes, cells: new Map(), stale: new Set<number>(), ends: {} };
      return {
        state: {
          ...state,
          serial: run,
          lesion: { phase: 'propagating', ...spread, run, done: 0, expected: undefined },
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
