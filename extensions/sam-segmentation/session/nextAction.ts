import { assertNever } from '#core/errors.ts';
import type { SessionState } from './sessionState.ts';
import { needsRun } from './stepReviewing.ts';

/** What Enter does now, and what the panel says comes next. */
export type NextAction = 'draw-box' | 'wait' | 'propagate' | 'redo' | 'accept' | 'retry' | 'nothing';

export function nextAction({ ground, lesion }: SessionState): NextAction {
  if (ground.kind !== 'open') return 'nothing';
  switch (lesion.phase) {
    case 'idle':
    case 'accepted':
    case 'rejected':
      return 'draw-box';
    case 'prompting':
      if ([...lesion.keyframes.values()].some(({ status }) => status === 'failed')) return 'retry';
      return 'propagate';
    case 'propagating':
      return 'wait';
    case 'reviewing':
      if (lesion.problem !== undefined) return 'retry';
      return needsRun(lesion) ? 'redo' : 'accept';
    default:
      return assertNever(lesion);
  }
}
