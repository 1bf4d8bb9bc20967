import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { OutboxObject, SegmentationFormat, StoreOutcome, StudySource } from '#extension-api';
import { createVault } from '../vault/createVault.ts';
import { createOutbox } from './createOutbox.ts';

const notFound = err(appError('archive-not-found', 'The archive does not have that.'));
const silent = err(appError('archive-unreachable', 'The archive does not answer.'));
const stored: StoreOutcome = { kind: 'stored', warnings: [] };
const BYTES = Uint8Array.from({ length: 300 }, (_, index) => index % 251);

/** Compares bytes, as the real format compares content. */
const format = {
  sameContent: (sent, back) =>
    sent.length === back.length && sent.every((byte, at) => byte === back[at])
      ? ok(undefined)
      : err(appError('content-differs', 'What came back is something else.')),
} as Partial<SegmentationFormat> as SegmentationFormat;

/** An archive that answers as it is told, and notes what was asked in which order. */
function archive(retrieves: readonly Result<Uint8Array>[], stores: readonly StoreOutcome[] = []) {
  const asked: string[] = [];
  const [answers, verdicts] = [[...retrieves], [...stores]];
  const source = {
    id: 'archive',
    label: 'Archive',
    canStore: true,
    async retrieve() {
      asked.push('ask');
      return answers.shift() ?? silent;
    },
    async store() {
      asked.push('send');
      return verdicts.shift() ?? ({ kind: 'ambiguous', error: appError('lost', 'The answer was lost.') } as const);
    },
  } as Partial<StudySource> as StudySource;
  return { source, asked };
}

let count = 0;
function page(name: string, held: Map<string, number>, source: StudySource) {
  const shown = vi.fn();
  const proved = vi.fn();
  count += 1;
  const own = count;
  const outbox = createOutbox({
    vault: createVault(name),
    locks: {
      take: async (lock) => {
        if (held.has(lock)) return undefined;
        held.set(lock, own);
        return () => void held.delete(lock);
      },
      held: async () => new Set(held.keys()),
    },
    session: { id: 'tab', isAlive: async () => false },
    signals: { tell: () => {}, listen: () => () => {} },
    notices: { show: shown, announce: () => {} },
    sources: () => [source],
    format: () => format,
    patient: () => 'Secret, Patient',
    onProved: proved,
  });
  const crash = (): void => {
    for (const [lock, owner] of held) if (owner === own) held.delete(lock);
  };
  return { outbox, shown, proved, crash, items: () => outbox.items.getState() };
}

const object = (change: Partial<OutboxObject> = {}): OutboxObject => ({
  bytes: BYTES,
  studyInstanceUID: '1.2.3',
  seriesInstanceUID: '1.2.3.4',
  sopInstanceUID: '1.2.3.4.5',
  targetId: 'archive',
  description: 'Lesions',
  ...change,
});

/** An object that was being sent when its page was killed, in the outbox of the next page. */
async function afterCrash(source: StudySource) {
  count += 1;
  const name = `outbox-${count}`;
  const held = new Map<string, number>();
  const first = page(name, held, source);
  await first.outbox.keep(object());
  await first.outbox.note('1.2.3.4.5', { kind: 'sending' });
  expect(first.items()).toMatchObject([{ busy: true, outcome: { kind: 'sending' } }]);
  first.crash();
  const next = page(name, held, source);
  await next.outbox.refresh();
  expect(next.items()).toMatchObject([{ busy: false, outcome: { kind: 'interrupted' }, patient: 'Secret, Patient' }]);
  return { ...next, id: next.items()[0]!.id };
}

describe('the outbox', () => {
  it('asks first, and sends nothing where the archive has the object already', async () => {
    const { source, asked } = archive([ok(BYTES)]);
    const { outbox, id, items, proved } = await afterCrash(source);
    await outbox.retry(id);
    expect(asked).toEqual(['ask']);
    expect(items()).toEqual([]);
    expect(proved).toHaveBeenCalledOnce();
  });

  it('sends once where the archive does not have it, and lets go only after the read-back', async () => {
    const { source, asked } = archive([notFound, ok(BYTES)], [stored]);
    const { outbox, id, items } = await afterCrash(source);
    await outbox.retry(id);
    expect(asked).toEqual(['ask', 'send', 'ask']);
    expect(items()).toEqual([]);
  });

  it.each([
    ['cannot be asked', [silent], [], 'ask', ['ask']],
    ['loses its answer', [notFound], [], 'ask', ['ask', 'send']],
    ['says stored and has nothing', [notFound, notFound], [stored], 'ask', ['ask', 'send', 'ask']],
    [
      'gives something else back',
      [notFound, ok(BYTES.map((byte) => byte ^ 1))],
      [stored],
      'other-content',
      ['ask', 'send', 'ask'],
    ],
    ['has something else under the UID', [ok(new Uint8Array(4))], [], 'other-content', ['ask']],
    [
      'refuses',
      [notFound],
      [{ kind: 'refused', error: appError('store-refused', 'No.', { context: { reason: 'A700' } }) }],
      'send',
      ['ask', 'send'],
    ],
  ] as const)('keeps the object, byte for byte, when the archive %s', async (_, retrieves, stores, recovery, order) => {
    const { source, asked } = archive(retrieves, stores);
    const { outbox, id, items } = await afterCrash(source);
    await outbox.retry(id);
    expect(asked).toEqual(order);
    expect(items()).toMatchObject([{ busy: false, outcome: { kind: 'failed', recovery } }]);
    expect(await outbox.file(id)).toEqual(BYTES);
    // And the next try, with an archive that works, completes or says again that something else is there.
    const again = archive([ok(BYTES)]);
    Object.assign(source, { retrieve: again.source.retrieve, store: again.source.store });
    await outbox.retry(id);
    expect(items()).toEqual([]);
  });

  it('keeps an object again that was discarded and is now sent again', async () => {
    const { source } = archive([]);
    count += 1;
    const { outbox, items } = page(`outbox-${count}`, new Map(), source);
    await outbox.keep(object());
    await outbox.discard([items()[0]!.id]);
    expect(items()).toEqual([]);
    expect(await outbox.keep(object())).toEqual({ ok: true, value: undefined });
    expect(items()).toMatchObject([{ busy: true, outcome: { kind: 'sending' } }]);
    expect(await outbox.file(items()[0]!.id)).toEqual(BYTES);
  });

  it('does not let two tabs send the same object', async () => {
    const { source, asked } = archive([notFound]);
    count += 1;
    const [name, held] = [`outbox-${count}`, new Map<string, number>()];
    const [left, right] = [page(name, held, source), page(name, held, source)];
    await left.outbox.keep(object());
    await right.outbox.refresh();
    await right.outbox.retry(right.items()[0]!.id);
    expect(asked).toEqual([]);
  });

  it('tells the page that saved it, when a later try has proved it', async () => {
    const { source } = archive([ok(BYTES)]);
    count += 1;
    const { outbox, items } = page(`outbox-${count}`, new Map(), source);
    const onProved = vi.fn();
    await outbox.keep(object({ onProved }));
    await outbox.note('1.2.3.4.5', { kind: 'failed', error: appError('x', 'Lost.'), recovery: 'ask' });
    await outbox.retry(items()[0]!.id);
    expect(onProved).toHaveBeenCalledOnce();
  });
});
