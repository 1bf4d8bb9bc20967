import type { Journal } from '#core/labelmap/journal.ts';
import { stepBetween, type WorkStep } from '#core/labelmap/workStep.ts';
import type { NoticePort, OpenSeries, ReadableState } from '#extension-api';
import { cell } from '../cell.ts';
import type { AppLabelmap } from '../labelmap/createLabelmapPort.ts';
import type { TabLocks } from '../vault/tabLocks.ts';
import type { TabSession, TabSignals } from '../vault/tabSession.ts';
import type { Vault } from '../vault/vault.ts';
import type { Autosave, AutosaveState, DamagedRecord, KeptWork, Retention } from './autosave.ts';
import { keptText } from './keptText.ts';
import { readWork } from './readWork.ts';
import { parseAbout, scopeText, workAbout } from './workAbout.ts';
import { type Work, withDraft } from './workPiece.ts';
import { createWorkWriter, type WorkWriter } from './workWriter.ts';

export interface AutosaveSetup {
  readonly vault: Vault;
  readonly locks: TabLocks;
  readonly session: TabSession;
  readonly signals: TabSignals;
  readonly openSeries: ReadableState<OpenSeries | undefined>;
  readonly labelmap: AppLabelmap;
  readonly notices: NoticePort;
  readonly retention: ReadableState<Retention>;
}

const workLock = (id: string): string => `voxprompt-work-${id}`;

/** Follows the labelmap, and writes each step before the next one: see {@link Autosave}. */
export function createAutosave(setup: AutosaveSetup): Autosave {
  const { vault, locks, session, signals, openSeries, labelmap, notices, retention } = setup;
  const state = cell<AutosaveState>({ kind: 'idle' });
  const kept = cell<readonly KeptWork[]>([]);
  const damaged = cell<readonly DamagedRecord[]>([]);
  const offers = cell<readonly KeptWork[]>([]);
  const elsewhere = cell(false);
  const draftListeners = new Map<string, Set<(draft: unknown) => void>>();
  const releases = new Map<string, () => void>();
  let journal: Journal = labelmap.state.getState().journal;
  let origin = labelmap.state.getState().origin;
  let drafts: ReadonlyMap<string, unknown> = new Map();
  let writer: WorkWriter | undefined;
  let leaving: Promise<void> = Promise.resolve();
  let opening: Promise<void> = Promise.resolve();
  let adopting = false;
  let seriesLock: { readonly name: string; release: (() => void) | undefined } | undefined;

  const work = (): Work => ({ journal, origin, drafts });
  const isOn = (): boolean => retention.getState() !== 'never';

  function makeWriter(open: OpenSeries, adopted?: string): WorkWriter {
    const made: WorkWriter = createWorkWriter(
      vault,
      workAbout(open),
      session.id,
      {
        onSaving: () => isMine(made) && state.set({ kind: 'saving' }),
        onKept: () => isMine(made) && state.set({ kind: 'kept', at: Date.now() }),
        onFailed: (error) => isMine(made) && state.set({ kind: 'failing', error }),
        async onRecord(id) {
          const release = await locks.take(workLock(id));
          if (release !== undefined) releases.set(id, release);
          signals.tell();
        },
      },
      adopted,
    );
    return made;
  }
  const isMine = (asking: WorkWriter): boolean => asking === writer;

  /** Ends with the present record: it stays kept, or goes because all of it is stored. */
  function leave(how: 'keep' | 'remove'): void {
    const ending = writer;
    writer = undefined;
    state.set(isOn() ? { kind: 'idle' } : { kind: 'off', why: 'never' });
    if (ending === undefined) return;
    leaving = leaving.then(async () => {
      await (how === 'keep' ? ending.close() : ending.remove());
      const id = ending.id();
      if (id !== undefined) releases.get(id)?.();
      signals.tell();
      await refresh();
    });
  }

  function follow(): void {
    const now = labelmap.state.getState();
    if (adopting) return;
    const step = now.journal === journal ? undefined : stepBetween(journal, now.journal);
    const replaced = now.journal !== journal && step === undefined;
    const reborn = now.origin !== origin;
    journal = now.journal;
    origin = now.origin;
    if (replaced) {
      drafts = new Map();
      leave('keep');
    }
    keepPresent(step, reborn);
  }

  function keepPresent(step: WorkStep | undefined, anew: boolean): void {
    const open = openSeries.getState();
    if (!labelmap.unsaved.getState() && drafts.size === 0) {
      if (writer !== undefined) leave('remove');
      return;
    }
    if (open === undefined || !isOn()) return;
    if (writer === undefined) {
      writer = makeWriter(open);
      writer.write(work(), undefined);
    } else if (step !== undefined) writer.write(work(), { kind: 'step', step });
    else if (anew) writer.write(work(), undefined);
  }

  async function refresh(): Promise<void> {
    const listed = await vault.list();
    if (!listed.ok) return;
    const held = await locks.held();
    damaged.set(listed.value.filter(({ about }) => about === undefined));
    const works = listed.value.flatMap((record): readonly KeptWork[] => {
      const about = parseAbout(record.about);
      if (record.kind !== 'work' || about === undefined || record.id === writer?.id()) return [];
      if (retention.getState() === 'session' && record.session !== session.id) return [];
      const { id, updatedAt, bytes } = record;
      return [{ id, about, updatedAt, bytes, inUse: held.has(workLock(id)) }];
    });
    kept.set(works);
    const series = openSeries.getState()?.series;
    offers.set(
      series === undefined ? [] : works.filter(({ about, inUse }) => !inUse && scopeText(about) === scopeText(series)),
    );
  }

  async function followSeries(): Promise<void> {
    const series = openSeries.getState()?.series;
    seriesLock?.release?.();
    seriesLock = undefined;
    elsewhere.set(false);
    offers.set([]);
    if (series !== undefined) {
      const scope = await vault.scopeOf(scopeText(series));
      if (openSeries.getState()?.series !== series) return;
      if (scope.ok) {
        const mine = { name: `voxprompt-series-${scope.value}`, release: undefined as (() => void) | undefined };
        seriesLock = mine;
        const release = await locks.take(mine.name);
        if (seriesLock === mine) {
          mine.release = release;
          elsewhere.set(release === undefined);
        } else release?.();
      }
    }
    await refresh();
  }

  async function restore(id: string): Promise<void> {
    const open = openSeries.getState();
    if (open === undefined) return;
    const release = await locks.take(workLock(id));
    if (release === undefined) {
      notices.show({ kind: 'warning', title: keptText.inUse, detail: keptText.inUseDetail });
      return refresh();
    }
    const restored = await readWork(vault, id, open);
    if (!restored.ok || openSeries.getState() !== open) {
      release();
      if (!restored.ok) notices.show({ kind: 'error', error: restored.error });
      return refresh();
    }
    leave('keep');
    releases.set(id, release);
    adopting = true;
    labelmap.restore(restored.value.journal, restored.value.origin);
    adopting = false;
    ({ journal, origin } = labelmap.state.getState());
    drafts = restored.value.drafts;
    writer = makeWriter(open, id);
    writer.write(work(), undefined);
    for (const [owner, draft] of drafts) {
      for (const listener of draftListeners.get(owner) ?? []) listener(draft);
    }
    notices.show({ kind: 'success', title: keptText.restored(journal.labelmap.segments.length) });
    await refresh();
  }

  function followRetention(): void {
    if (isOn()) {
      if (state.getState().kind === 'off') state.set({ kind: 'idle' });
      keepPresent(undefined, false);
    } else leave('remove');
    void refresh();
  }

  const ends = [
    labelmap.unsaved.subscribe(follow),
    openSeries.subscribe(() => {
      opening = followSeries();
    }),
    retention.subscribe(followRetention),
    signals.listen(() => void refresh()),
  ];
  if (!isOn()) state.set({ kind: 'off', why: 'never' });
  opening = followSeries();

  return {
    state,
    kept,
    damaged,
    offers,
    elsewhere,
    restore,
    async discard(ids) {
      const removed = await vault.remove(ids);
      if (!removed.ok) notices.show({ kind: 'error', error: removed.error });
      signals.tell();
      await refresh();
    },
    refresh,
    keepDraft(owner, draft) {
      if (draft === undefined && !drafts.has(owner)) return;
      drafts = withDraft(drafts, owner, draft);
      const had = writer !== undefined;
      keepPresent(undefined, false);
      if (had) writer?.write(work(), { kind: 'draft', owner, draft });
    },
    onDraft(owner, listener) {
      const listeners = draftListeners.get(owner) ?? new Set();
      draftListeners.set(owner, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    async settled() {
      await opening;
      await leaving;
      await writer?.settled();
    },
    dispose() {
      for (const end of ends) end();
      leave('keep');
      seriesLock?.release?.();
    },
  };
}
