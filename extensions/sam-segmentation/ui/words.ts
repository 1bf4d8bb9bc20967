import { assertNever } from '#core/errors.ts';
import { stopReasonText } from '../propagation/stopReason.ts';
import { nextAction } from '../session/nextAction.ts';
import type { EndReason } from '../session/segmenterPort.ts';
import type { SessionState } from '../session/sessionState.ts';
import { text } from '../text.ts';

export const endText = (reason: EndReason): string =>
  reason === 'failed' ? text.strip.brokeOff : stopReasonText(reason);

/**
 * What the reader can do next, in one or two sentences.
 * @param pace ms that a slice took in the last run, where there was one
 */
export function nextStepText(state: SessionState, pace?: number): string {
  const { ground, lesion } = state;
  const words = text.next;
  if (ground.kind === 'none') return words.open;
  if (ground.kind === 'refused') return ground.error.message;
  switch (lesion.phase) {
    case 'idle':
      return words.idle;
    case 'accepted':
      return words.accepted(lesion.label, lesion.slices);
    case 'rejected':
      return words.rejected;
    case 'prompting':
      return promptingText(state);
    case 'propagating':
      return words.propagating;
    case 'reviewing': {
      const { size } = lesion.stale;
      if (nextAction(state) !== 'redo') return words.review;
      return size === 0 ? words.endOpen : words.redo(size, pace === undefined ? undefined : words.cost(pace * size));
    }
    default:
      return assertNever(lesion);
  }
}

function promptingText({ lesion }: SessionState): string {
  if (lesion.phase !== 'prompting') return '';
  const frames = [...lesion.keyframes.values()];
  if (frames.some(({ status }) => status === 'failed')) return text.next.failed;
  if (frames.some(({ status }) => status === 'working')) return text.next.working;
  const { first, last } = lesion.prompts.range;
  return first === undefined || last === undefined ? text.next.prompting : text.next.ranged(first, last);
}

/** Time left in words that do not pretend to know it better than they do. */
export function timeLeftText(done: number, expected: number, elapsedMs: number): string | undefined {
  if (done < 2 || done >= expected) return undefined;
  const seconds = ((elapsedMs / done) * (expected - done)) / 1000;
  if (seconds < 3) return text.strip.aFewSeconds;
  return seconds < 90 ? text.strip.seconds(Math.ceil(seconds / 5) * 5) : text.strip.minutes(Math.round(seconds / 60));
}
