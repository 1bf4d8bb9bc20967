import { appError } from '#core/errors.ts';
import { ok } from '#core/result.ts';
import type { NoticePort, OutboxObject, OutboxOutcome, SegmentationFormat, StudySource } from '#extension-api';
import { keptText } from '../autosave/keptText.ts';
import { cell } from '../cell.ts';
import type { BrowserStorage } from '../vault/browserStorage.ts';
import type { Outbox, OutboxItem } from './outbox.ts';
import { type OutboxAbout, parseOutboxAbout } from './outboxAbout.ts';
import { resend } from './resend.ts';

export interface OutboxSetup extends BrowserStorage {
  readonly notices: NoticePort;
  readonly sources: () => readonly StudySource[];
  readonly format: () => SegmentationFormat | undefined;
  /** Whose images are open: told in the list. */
  readonly patient: () => string;
  /** An object has got into an archive. */
  readonly onProved: () => void;
}

const lockOf = (id: string): string => `voxprompt-outbox-${id}`;

export function createOutbox(setup: OutboxSetup): Outbox {
  const { vault, locks, session, signals, notices } = setup;
  const items = cell<readonly OutboxItem[]>([]);
  const progress = cell<ReadonlyMap<string, number | undefined>>(new Map());
  /** Of this page: by SOP Instance UID. */
  const own = new Map<string, { readonly id: string; readonly about: OutboxAbout; readonly object: OutboxObject }>();
  const releases = new Map<string, () => void>();
  const runs = new Map<string, AbortController>();

  async function refresh(): Promise<void> {
    const listed = await vault.list('outbox');
    if (!listed.ok) return;
    const held = await locks.held();
    const found = listed.value.flatMap(({ id, about, createdAt, bytes }): readonly OutboxItem[] => {
      const known = parseOutboxAbout(about);
      if (known === undefined) return [];
      const busy = held.has(lockOf(id));
      const outcome = known.outcome.kind === 'sending' && !busy ? ({ kind: 'interrupted' } as const) : known.outcome;
      return [{ ...known, id, createdAt, bytes, busy, outcome }];
    });
    items.set(found.sort((a, b) => a.createdAt - b.createdAt));
  }

  const letGo = (id: string): void => {
    releases.get(id)?.();
    releases.delete(id);
  };

  async function forget(ids: readonly string[]): Promise<void> {
    const removed = await vault.remove(ids);
    if (!removed.ok) notices.show({ kind: 'error', error: removed.error });
    for (const id of ids) letGo(id);
    signals.tell();
    await refresh();
  }

  async function describe(id: string, about: OutboxAbout, outcome: OutboxOutcome): Promise<void> {
    await vault.describe(id, { ...about, outcome });
    if (outcome.kind === 'failed') letGo(id);
    signals.tell();
    await refresh();
  }

  async function retry(id: string): Promise<void> {
    const release = await locks.take(lockOf(id));
    if (release === undefined) return refresh();
    releases.set(id, release);
    const run = new AbortController();
    runs.set(id, run);
    const say = (share: number | undefined): void => progress.set(new Map(progress.getState()).set(id, share));
    say(undefined);
    try {
      await refresh();
      const read = await vault.read(id);
      const about = read.ok ? parseOutboxAbout(read.value?.about) : undefined;
      const bytes = read.ok ? read.value?.pieces[0] : undefined;
      if (about === undefined || bytes === undefined) {
        const error = read.ok ? appError('outbox-gone', keptText.outbox.gone) : read.error;
        notices.show({ kind: 'error', error });
        return;
      }
      const source = setup.sources().find((one) => one.id === about.targetId && one.canStore);
      const format = setup.format();
      if (source === undefined || format === undefined) {
        notices.show({ kind: 'error', error: appError('outbox-no-archive', keptText.outbox.noArchive) });
        return;
      }
      const options = {
        signal: run.signal,
        onProgress: (done: number, total: number | undefined) => say(total === undefined ? undefined : done / total),
      };
      const result = await resend(source, format, about, bytes, options).catch((thrown: unknown) => ({
        kind: 'failed' as const,
        recovery: 'ask' as const,
        error: appError('outbox-stopped', keptText.outbox.stopped, { cause: thrown }),
      }));
      if (result.kind === 'failed') {
        await describe(id, about, result);
        return;
      }
      own.get(about.sopInstanceUID)?.object.onProved?.();
      own.delete(about.sopInstanceUID);
      await forget([id]);
      notices.show({ kind: 'success', title: keptText.outbox.proved(result.wasThere) });
      setup.onProved();
    } finally {
      runs.delete(id);
      const left = new Map(progress.getState());
      left.delete(id);
      progress.set(left);
      letGo(id);
      await refresh();
    }
  }

  const end = signals.listen(() => void refresh());
  void refresh();

  return {
    items,
    progress,
    refresh,
    retry,
    stop: (id) => runs.get(id)?.abort(new DOMException('Stopped by the reader.', 'AbortError')),
    async keep(object) {
      const { bytes, onProved: _, ...rest } = object;
      const about: OutboxAbout = { ...rest, patient: setup.patient(), outcome: { kind: 'sending' } };
      const known = own.get(object.sopInstanceUID);
      if (known !== undefined) {
        const there = await vault.describe(known.id, about);
        if (!there.ok) return there;
        if (there.value) {
          own.set(object.sopInstanceUID, { ...known, object });
          return ok(undefined);
        }
        // Discarded since, here or in another tab; what is sent again is kept again.
        letGo(known.id);
      }
      const made = await vault.create(
        { kind: 'outbox', scope: object.sopInstanceUID, session: session.id, about },
        bytes,
      );
      if (!made.ok) return made;
      const id = made.value;
      own.set(object.sopInstanceUID, { id, about, object });
      const release = await locks.take(lockOf(id));
      if (release !== undefined) releases.set(id, release);
      signals.tell();
      await refresh();
      return ok(undefined);
    },
    async note(sopInstanceUID, outcome) {
      const known = own.get(sopInstanceUID);
      if (known === undefined) return;
      if (outcome.kind === 'sending' && !releases.has(known.id)) {
        const release = await locks.take(lockOf(known.id));
        if (release !== undefined) releases.set(known.id, release);
      }
      await describe(known.id, known.about, outcome);
    },
    async remove(sopInstanceUID) {
      const known = own.get(sopInstanceUID);
      if (known === undefined) return;
      own.delete(sopInstanceUID);
      await forget([known.id]);
    },
    async file(id) {
      const read = await vault.read(id);
      return read.ok ? read.value?.pieces[0] : undefined;
    },
    discard: forget,
    dispose() {
      end();
      for (const run of runs.values()) run.abort(new DOMException('The page is going away.', 'AbortError'));
      for (const id of [...releases.keys()]) letGo(id);
    },
  };
}
