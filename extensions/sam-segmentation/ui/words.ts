import { assertNever } from '#core/errors.ts';
import { stopReasonText } from '../propagation/stopReason.ts';
import { nextAction } from '../session/nextAction.ts';
import type { EndReason } from '../session/segmenterPort.ts';
import type { SessionState } from '../session/sessionState.ts';

/** Slices are counted from 1 on the screen. */
export const sliceNumber = (k: number): string => String(k + 1);

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const endText = (reason: EndReason): string =>
  reason === 'failed' ? 'The run broke off here; try again to go on.' : stopReasonText(reason);

/** What the reader can do next, in one or two sentences. */
export function nextStepText(state: SessionState): string {
  const { ground, lesion } = state;
  if (ground.kind === 'none') return 'Open a series to begin.';
  if (ground.kind === 'refused') return ground.error.message;
  switch (lesion.phase) {
    case 'idle':
      return 'Take the box tool and drag over the lesion, on a slice where it is large.';
    case 'accepted':
      return `${lesion.label} has ${plural(lesion.slices, 'slice')}. Draw a box for the next lesion, or save.`;
    case 'rejected':
      return 'Dropped; nothing was written. Draw a new box, or bring it back.';
    case 'prompting':
      return promptingText(state);
    case 'propagating':
      return 'Looking for the ends of the lesion. You may scroll; a box on a bad slice stops here and corrects it.';
    case 'reviewing':
      if (nextAction(state) === 'redo' && lesion.stale.size === 0)
        return 'An end of the lesion has to be looked for again. Do so, or accept as shown.';
      return nextAction(state) === 'redo'
        ? `Your correction changes ${plural(lesion.stale.size, 'slice')}. Redo ${lesion.stale.size === 1 ? 'it' : 'them'}, or accept as shown.`
        : 'Scroll through the result. Box a bad slice, or drag an end of the strip; then accept.';
    default:
      return assertNever(lesion);
  }
}

function promptingText({ lesion }: SessionState): string {
  if (lesion.phase !== 'prompting') return '';
  const frames = [...lesion.keyframes.values()];
  if (frames.some(({ status }) => status === 'failed')) return 'The preview failed. Your prompts are kept: try again.';
  if (frames.some(({ status }) => status === 'working')) return 'Computing the preview.';
  return 'Adjust the box, or add points. Then propagate through the neighbouring slices.';
}

/** Time left in words that do not pretend to know it better than they do. */
export function timeLeftText(done: number, expected: number, elapsedMs: number): string | undefined {
  if (done < 2 || done >= expected) return undefined;
  const seconds = ((elapsedMs / done) * (expected - done)) / 1000;
  if (seconds < 3) return 'a few seconds left';
  return seconds < 90 ? `about ${Math.ceil(seconds / 5) * 5} s left` : `about ${Math.round(seconds / 60)} min left`;
}
