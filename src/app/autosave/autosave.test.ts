import 'fake-indexeddb/auto';
import { deleteDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withSegmentChanged } from '#core/labelmap/edit.ts';
import { ok } from '#core/result.ts';
import { browser, openTab, series } from '../../../test/support/openTab.ts';
import { createVault } from '../vault/createVault.ts';
import type { Vault } from '../vault/vault.ts';

let database = 0;
let name = '';
beforeEach(() => {
  database += 1;
  name = `test-${database}`;
});
afterEach(() => deleteDB(name));

const tabOf = (where: ReturnType<typeof browser>, options: Parameters<typeof openTab>[2] = {}) =>
  openTab(name, where, options);

describe('autosave', () => {
  it('brings back voxels, names, history and the way forward after a crash, and goes on in the same record', async () => {
    const place = browser();
    const first = tabOf(place);
    await first.open(series('1.2.3.4'));
    for (let index = 0; index < 70; index += 1) first.paint(index % 4, index % 30);
    first.labelmap.commit('Rename', withSegmentChanged(first.present(), 1, { label: 'Metastase äöü' }));
    first.labelmap.undo();
    first.labelmap.setDisplay(1, { visible: false });
    await first.autosave.settled();
    expect(first.autosave.state.getState().kind).toBe('kept');
    first.crash();

    const second = tabOf(place, { session: 'other' });
    await second.open(series('1.2.3.4'));
    const [offer] = second.autosave.offers.getState();
    expect(offer?.about.patient).toBe('Secret, Patient');
    await second.autosave.restore(offer!.id);
    expect(second.labelmap.state.getState().journal).toEqual(first.labelmap.state.getState().journal);
    expect(second.labelmap.unsaved.getState()).toBe(true);
    second.labelmap.redo();
    expect(second.present().segments[0]?.label).toBe('Metastase äöü');
    await second.autosave.settled();
    second.crash();
    const third = tabOf(place);
    await third.open(series('1.2.3.4'));
    expect(third.autosave.offers.getState().map(({ id }) => id)).toEqual([offer!.id]);
    await third.autosave.restore(offer!.id);
    expect(third.present()).toEqual(second.present());
  });

  it('forgets the work once all of it is stored, and keeps what came after the store', async () => {
    const tab = tabOf(browser());
    await tab.open(series('1.2.3.4'));
    tab.paint(0, 1);
    const stored = tab.labelmap.state.getState().journal;
    tab.paint(1, 2);
    tab.labelmap.markSaved(stored);
    await tab.autosave.settled();
    expect(await tab.vault.list()).toMatchObject({ value: [{ kind: 'work' }] });
    tab.labelmap.markSaved(tab.labelmap.state.getState().journal);
    await tab.autosave.settled();
    expect(await tab.vault.list()).toEqual(ok([]));
    expect(tab.autosave.state.getState().kind).toBe('idle');
  });

  it('keeps the work of the series that is left, and offers it when it is opened again', async () => {
    const tab = tabOf(browser());
    await tab.open(series('1.2.3.4'));
    tab.paint(0, 1);
    await tab.open(series('1.2.3.5'));
    expect(tab.autosave.offers.getState()).toEqual([]);
    expect(tab.autosave.kept.getState()).toHaveLength(1);
    tab.paint(2, 2);
    await tab.open(series('1.2.3.4'));
    expect(tab.autosave.offers.getState()).toHaveLength(1);
    await tab.autosave.restore(tab.autosave.offers.getState()[0]!.id);
    expect([...tab.present().voxels.get(1)!.keys()]).toEqual([0]);
    expect(tab.autosave.kept.getState()).toHaveLength(1);
  });

  it('gives two tabs on one series a record each, and does not offer what another tab works on', async () => {
    const place = browser();
    const [left, right] = [tabOf(place, { session: 'left' }), tabOf(place, { session: 'right' })];
    await left.open(series('1.2.3.4'));
    await right.open(series('1.2.3.4'));
    expect(right.autosave.elsewhere.getState()).toBe(true);
    left.paint(0, 1);
    right.paint(3, 9);
    await Promise.all([left.autosave.settled(), right.autosave.settled()]);
    await right.autosave.refresh();
    expect(right.autosave.offers.getState()).toEqual([]);
    expect(right.autosave.kept.getState()).toMatchObject([{ inUse: true }]);
    await right.autosave.restore(right.autosave.kept.getState()[0]!.id);
    expect(right.shown).toHaveBeenCalledWith(expect.objectContaining({ title: 'Another tab works on this' }));
    expect([...right.present().voxels.get(1)!.keys()]).toEqual([3]);
    left.crash();
    await right.autosave.refresh();
    expect(right.autosave.offers.getState()).toHaveLength(1);
  });

  it('follows the images, not their numbers, when the series has grown, and refuses when one is gone', async () => {
    const place = browser();
    const first = tabOf(place);
    await first.open(series('1.2.3.4', 4, 1));
    first.paint(2, 7);
    await first.autosave.settled();
    first.crash();
    const grown = tabOf(place);
    await grown.open(series('1.2.3.4', 6, 0));
    await grown.autosave.restore(grown.autosave.offers.getState()[0]!.id);
    expect([...grown.present().voxels.get(1)!.keys()]).toEqual([3]);
    await grown.autosave.settled();
    grown.crash();
    const shrunk = tabOf(place);
    await shrunk.open(series('1.2.3.4', 3, 0));
    await shrunk.autosave.restore(shrunk.autosave.offers.getState()[0]!.id);
    expect(shrunk.shown).toHaveBeenCalledWith(
      expect.objectContaining({ error: expect.objectContaining({ code: 'series-has-changed' }) }),
    );
    expect(shrunk.autosave.offers.getState()).toHaveLength(1);
  });

  it('tells that there is no room for as long as that lasts, and writes all when there is room again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const real = createVault(name);
    let full = true;
    const fullError = { ok: false, error: { code: 'storage-full', message: 'No room.' } } as const;
    const vault: Vault = { ...real, create: async (...of) => (full ? fullError : real.create(...of)) };
    const place = browser();
    const tab = tabOf(place, { vault });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    for (let index = 0; index < 20; index += 1) await settle();
    const opened = tab.open(series('1.2.3.4'));
    await vi.advanceTimersByTimeAsync(100);
    await opened;
    tab.paint(0, 1);
    await tab.autosave.settled();
    expect(tab.autosave.state.getState()).toMatchObject({ kind: 'failing', error: { code: 'storage-full' } });
    tab.paint(1, 2);
    full = false;
    await vi.advanceTimersByTimeAsync(11_000);
    vi.useRealTimers();
    await tab.autosave.settled();
    expect(tab.autosave.state.getState().kind).toBe('kept');
    tab.crash();
    const next = tabOf(place);
    await next.open(series('1.2.3.4'));
    await next.autosave.restore(next.autosave.offers.getState()[0]!.id);
    expect(next.present()).toEqual(tab.present());
  });

  it('keeps nothing where the reader wants nothing kept', async () => {
    const tab = tabOf(browser(), { retention: 'never' });
    await tab.open(series('1.2.3.4'));
    tab.paint(0, 1);
    await tab.autosave.settled();
    expect(await tab.vault.list()).toEqual(ok([]));
    expect(tab.autosave.state.getState()).toEqual({ kind: 'off', why: 'never' });
    tab.retention.set('1');
    await tab.autosave.settled();
    expect(await tab.vault.list()).toMatchObject({ value: [{ kind: 'work' }] });
    tab.retention.set('never');
    await tab.autosave.settled();
    expect(await tab.vault.list()).toEqual(ok([]));
  });

  it('keeps what is not accepted yet, and gives it back to whom it belongs', async () => {
    const place = browser();
    const first = tabOf(place);
    await first.open(series('1.2.3.4'));
    first.autosave.keepDraft('sam', { slices: [[2, { box: [1, 2, 3, 4] }]] });
    await first.autosave.settled();
    first.crash();
    const second = tabOf(place);
    await second.open(series('1.2.3.4'));
    const drafts: unknown[] = [];
    second.autosave.onDraft('sam', (draft) => drafts.push(draft));
    await second.autosave.restore(second.autosave.offers.getState()[0]!.id);
    expect(drafts).toEqual([{ slices: [[2, { box: [1, 2, 3, 4] }]] }]);
    second.autosave.keepDraft('sam', undefined);
    await second.autosave.settled();
    expect(await second.vault.list()).toEqual(ok([]));
  });
});
