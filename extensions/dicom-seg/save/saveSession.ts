import { appError } from '#core/errors.ts';
import type { Host, ReadableState } from '#extension-api';
import { runSave } from './runSave.ts';
import { defaultForm, freeSeriesNumber, type SaveRequest, storingSources } from './saveRequest.ts';
import { initialSave, type SaveEvent, type SaveSession, type SaveState } from './saveState.ts';
import { stepSave } from './stepSave.ts';

/** Saving, as the dialog and the command see it. */
export interface Saver {
  readonly state: ReadableState<SaveState>;
  /** Opens the dialog, with what the open series suggests. */
  open(): void;
  send(event: SaveEvent): void;
  dispose(): void;
}

/** Runs the effects of the pure {@link stepSave} on a host. */
export function createSaver(host: Host): Saver {
  const listeners = new Set<() => void>();
  let session: SaveSession = initialSave;
  let running: AbortController | undefined;
  let request: SaveRequest | undefined;

  let replaced: string | undefined;

  function send(event: SaveEvent): void {
    follow(event);
    const { session: next, effects } = stepSave(session, event);
    const changed = next !== session;
    session = next;
    if (changed) for (const listener of [...listeners]) listener();
    for (const effect of effects) {
      running?.abort(new DOMException('Saving was stopped.', 'AbortError'));
      running = undefined;
      if (effect.kind === 'run') void run(effect.run, effect.from);
    }
  }

  /** The archive holds something else under the old UID; once the new object is proved to be there, the old one has no use. */
  function follow(event: SaveEvent): void {
    const { save } = session;
    if (event.kind === 'recover' && save.phase === 'failed' && save.recovery === 'new-object') {
      replaced = save.encoded?.sopInstanceUID;
    }
    if (event.kind === 'stored' && replaced !== undefined) {
      void host.outbox?.remove(replaced);
      replaced = undefined;
    }
    if (event.kind === 'open') replaced = undefined;
  }

  async function run(number: number, from: 'validate' | 'send' | 'ask'): Promise<void> {
    const { save } = session;
    const format = host.segmentationFormat;
    if (save.phase !== 'running' || format === undefined) return;
    const controller = new AbortController();
    running = controller;
    const { form, encoded } = save;
    const { signal } = controller;
    const job = { run: number, from, form, encoded, request, signal };
    try {
      await runSave(host, format, job, send, (made) => {
        request = made;
      });
    } catch (thrown) {
      if (signal.aborted) return;
      const now = session.save;
      const step = now.phase === 'running' ? now.step : 'validate';
      // Whatever broke after the object had left may have left it in the archive.
      const recovery = step === 'send' || step === 'read-back' || step === 'compare' ? 'ask' : 'edit';
      const error = appError('save-failed', 'Saving broke off.', {
        remedy: 'Your work is still here; try again, or download the file.',
        cause: thrown,
      });
      send({ kind: 'failed', run: number, step, error, recovery });
    }
  }

  return {
    state: {
      getState: () => session.save,
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    open() {
      const form = defaultForm(host);
      send({ kind: 'open', form });
      const target = storingSources(host).find(({ id }) => id === form.targetId);
      const study = host.viewer.openSeries.getState()?.series.studyInstanceUID;
      if (target === undefined || study === undefined) return;
      void freeSeriesNumber(target, study).then((seriesNumber) =>
        send({ kind: 'suggest-number', seriesNumber, instead: form.seriesNumber }),
      );
    },
    send,
    dispose() {
      send({ kind: 'close' });
      running?.abort(new DOMException('The page is going away.', 'AbortError'));
      listeners.clear();
    },
  };
}
