import { text } from '../text.ts';
import {
  type History,
  type Lesion,
  NO_HISTORY,
  type SessionEvent,
  type SessionState,
  type Step,
} from './sessionState.ts';
import { settled } from './stepPropagating.ts';
import { askedAgain } from './transitions.ts';

/** Masks are shared, so a step costs little; a lesion is not worked on for longer than this. */
const LONGEST = 100;

/** Adds the step that an event made to the history. */
export function remembered(before: SessionState, event: SessionEvent, step: Step): Step {
  const { state } = step;
  if (event.kind === 'committed') return { ...step, state: { ...state, history: NO_HISTORY } };
  const label = labelOf(event);
  if (label === undefined || state.lesion === before.lesion) return step;
  const { past, held } = before.history;
  const goesOn = event.kind === 'box' && held === event.k;
  const entry = { label, lesion: settledLesion(before.lesion) };
  const history: History = {
    past: goesOn ? past : [...past, entry].slice(-LONGEST),
    future: [],
    held: event.kind === 'box' && event.draft ? event.k : undefined,
  };
  return { ...step, state: { ...state, history } };
}

/** Takes back the last step, or takes it again. Whatever is running belongs to what is left, so it ends. */
export function walked(state: SessionState, direction: 'undo' | 'redo'): Step {
  const { past, future } = state.history;
  const entry = direction === 'undo' ? past.at(-1) : future[0];
  if (entry === undefined) return { state, effects: [] };
  const left = { label: entry.label, lesion: settledLesion(state.lesion) };
  const history: History =
    direction === 'undo'
      ? { past: past.slice(0, -1), future: [left, ...future], held: undefined }
      : { past: [...past, left], future: future.slice(1), held: undefined };
  const stopped = state.lesion.phase === 'propagating' ? [{ kind: 'stop-run' } as const] : [];
  const next: SessionState = { ...state, lesion: entry.lesion, history };
  // Previews that were under way then were answered for the later state, or not at all.
  const again: Step =
    entry.lesion.phase === 'prompting' || entry.lesion.phase === 'reviewing'
      ? askedAgain(next, entry.lesion, (keyframe) => keyframe?.status === 'working')
      : { state: next, effects: [] };
  return { state: again.state, effects: [...stopped, { kind: 'stop-previews' }, ...again.effects] };
}

const settledLesion = (lesion: Lesion): Lesion => (lesion.phase === 'propagating' ? settled(lesion) : lesion);

/** Undefined for what is not the reader's doing, or not a change of the lesion. */
function labelOf(event: SessionEvent): string | undefined {
  switch (event.kind) {
    case 'box':
    case 'point':
    case 'move-point':
    case 'remove-point':
    case 'remove-slice':
    case 'set-end':
      return text.step[event.kind](event.k);
    case 'set-range':
      return text.step['set-range'](event.first, event.last);
    case 'propagate':
    case 'escape':
      return text.step[event.kind];
    case 'paint':
    case 'reshape':
      return event.label;
    default:
      return undefined;
  }
}
