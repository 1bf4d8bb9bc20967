import type { AppError } from '#core/errors.ts';
import { appError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { SliceResult } from './sessionState.ts';

export interface PreviewRequest {
  readonly k: number;
  readonly revision: number;
  readonly draft: boolean;
}

interface Slot {
  readonly controller: AbortController;
  next: PreviewRequest | undefined;
}

export interface PreviewQueue {
  request(request: PreviewRequest): void;
  stop(): void;
}

/**
 * One run per slice at a time, and the latest request wins: a handle that is dragged asks far more often than any machine can
 * answer. A request at rest ends the run before it; a draft lets it finish, because it needs what is being encoded.
 */
export function previewQueue(
  run: (request: PreviewRequest, signal: AbortSignal) => Promise<Result<SliceResult>>,
  onDone: (request: PreviewRequest, result: Result<SliceResult>) => void,
): PreviewQueue {
  const slots = new Map<number, Slot>();

  async function work(request: PreviewRequest): Promise<void> {
    const slot: Slot = { controller: new AbortController(), next: undefined };
    slots.set(request.k, slot);
    const result = await run(request, slot.controller.signal).catch(failureOf);
    // Stopped meanwhile: the slot belongs to nobody, or to a later request.
    if (slots.get(request.k) !== slot) return;
    slots.delete(request.k);
    if (!slot.controller.signal.aborted) onDone(request, result);
    if (slot.next !== undefined) await work(slot.next);
  }

  return {
    request(request) {
      const slot = slots.get(request.k);
      if (slot === undefined) {
        void work(request);
        return;
      }
      slot.next = request;
      if (!request.draft) slot.controller.abort();
    },
    stop() {
      const stopped = [...slots.values()];
      slots.clear();
      for (const { controller } of stopped) controller.abort();
    },
  };
}

/** What a port rejected with: its own cancellation, or a bug that must not take the reader's prompts with it. */
export function failureOf(thrown: unknown): { readonly ok: false; readonly error: AppError } {
  return {
    ok: false,
    error: appError('segmentation-failed', 'The slice could not be segmented.', {
      remedy: 'Try again; the prompts are kept.',
      cause: thrown,
    }),
  };
}
