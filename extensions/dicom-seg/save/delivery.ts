import { type AppError, appError } from '#core/errors.ts';
import type { EncodedSegmentation, Host } from '#extension-api';
import type { SaveRequest } from './saveRequest.ts';
import type { Recovery, SaveForm } from './saveState.ts';

/** What the outbox is told on the way of one object into the archive. */
export interface Delivery {
  /** On the disk before the first byte is sent. */
  begin(): Promise<void>;
  failed(error: AppError, recovery: Recovery): Promise<void>;
  proved(): Promise<void>;
}

const OUTBOX_RECOVERY = { edit: 'send', 'send-again': 'send', ask: 'ask', 'new-object': 'other-content' } as const;

/** Where the host has no outbox, or it has no room, saving goes on all the same: the segments are still in memory. */
export function deliveryOf(host: Host, request: SaveRequest, form: SaveForm, encoded: EncodedSegmentation): Delivery {
  const { outbox } = host;
  const { series, journal, target } = request;
  const { bytes, sopInstanceUID, seriesInstanceUID, header } = encoded;
  const stored = (): void => {
    host.labelmap.markSaved(journal, header);
    host.refreshStudy();
  };
  return {
    async begin() {
      const kept = await outbox?.keep({
        bytes,
        studyInstanceUID: series.studyInstanceUID,
        seriesInstanceUID,
        sopInstanceUID,
        targetId: target.id,
        description: form.seriesDescription.trim(),
        onProved: stored,
      });
      if (kept?.ok === true) await outbox?.note(sopInstanceUID, { kind: 'sending' });
    },
    failed: async (error, recovery) =>
      outbox?.note(sopInstanceUID, { kind: 'failed', error, recovery: OUTBOX_RECOVERY[recovery] }),
    async proved() {
      stored();
      await outbox?.remove(sopInstanceUID);
    },
  };
}

export const stoppedWhileSending = (cause: unknown): AppError =>
  appError('save-cancelled', 'Saving was stopped after the object had been sent.', {
    remedy: 'Ask the archive whether it has it.',
    cause,
  });
