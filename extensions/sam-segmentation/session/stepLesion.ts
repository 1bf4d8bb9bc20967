import { assertNever } from '#core/errors.ts';
import type { LesionEvent, SessionState, Step } from './sessionState.ts';
import { stepPrompting } from './stepPrompting.ts';
import { stepPropagating } from './stepPropagating.ts';
import { stepReviewing } from './stepReviewing.ts';
import { askedAgain, beginLesion, dropped, unchanged } from './transitions.ts';

export function stepLesion(state: SessionState, slices: number, event: LesionEvent): Step {
  const { lesion } = state;
  switch (lesion.phase) {
    case 'idle':
      return event.kind === 'box' ? beginLesion(state, slices, event) : unchanged(state);
    case 'accepted':
      if (event.kind === 'uncommitted') return dropped(state, lesion.lesion);
      return event.kind === 'box' ? beginLesion(state, slices, event) : unchanged(state);
    case 'rejected':
      // Its previews were stopped when it was dropped: what was still awaited is asked again.
      if (event.kind === 'restore')
        return askedAgain(state, lesion.dropped, (keyframe) => keyframe?.status === 'working');
      return event.kind === 'box' ? beginLesion(state, slices, event) : unchanged(state);
    case 'prompting':
      return stepPrompting(state, lesion, slices, event);
    case 'propagating':
      return stepPropagating(state, lesion, slices, event);
    case 'reviewing':
      return stepReviewing(state, lesion, slices, event);
    default:
      return assertNever(lesion);
  }
}
