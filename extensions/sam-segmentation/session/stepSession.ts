import { assertNever } from '#core/errors.ts';
import { remembered, walked } from './history.ts';
import { NO_HISTORY, type SessionEffect, type SessionEvent, type SessionState, type Step } from './sessionState.ts';
import { stepLesion } from './stepLesion.ts';

/**
 * One step of the session of a lesion. Pure: what has to be done is returned as effects. An event that has no meaning in the
 * present phase changes nothing and causes nothing.
 */
export function stepSession(state: SessionState, event: SessionEvent): Step {
  switch (event.kind) {
    case 'series-opened':
      return leave(state, { kind: 'open', slices: event.slices });
    case 'series-refused':
      return leave(state, { kind: 'refused', error: event.error });
    case 'series-closed':
      return leave(state, { kind: 'none' });
    case 'choose-target':
      return { state: { ...state, into: event.target }, effects: [] };
    case 'undo':
    case 'redo':
      return walked(state, event.kind);
    default:
      if (state.ground.kind !== 'open') return { state, effects: [] };
      return remembered(state, event, stepLesion(state, state.ground.slices, event));
  }
}

/** Whatever was going on belongs to another series: stop it, forget it. */
function leave(state: SessionState, ground: SessionState['ground']): Step {
  return {
    state: { ground, lesion: { phase: 'idle' }, into: { kind: 'new' }, history: NO_HISTORY, serial: state.serial + 1 },
    effects: stopping(state),
  };
}

function stopping({ lesion }: SessionState): readonly SessionEffect[] {
  switch (lesion.phase) {
    case 'idle':
    case 'accepted':
    case 'rejected':
      return [];
    case 'prompting':
    case 'reviewing':
      return [{ kind: 'stop-previews' }];
    case 'propagating':
      return [{ kind: 'stop-previews' }, { kind: 'stop-run' }];
    default:
      return assertNever(lesion);
  }
}
