import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { createVault } from './createVault.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const RECORD = {
  kind: 'work',
  scope: '1.2.840.99|1.2.840.100',
  session: 's',
  about: { patient: 'Secret^Name' },
} as const;
let count = 0;
const fresh = (): string => {
  count += 1;
  return `vault-${count}`;
};

async function made(name: string, now?: () => number) {
  const vault = createVault(name, now);
  const created = await vault.create(RECORD, bytes('Secret^Name on 1.2.840.99'));
  if (!created.ok) throw new Error(created.error.message);
  return { vault, id: created.value };
}

/** Every byte and string of the database, keys included. */
async function everything(name: string): Promise<string> {
  const db = await openDB(name);
  const rows = await Promise.all(
    ['records', 'pieces', 'keys'].map(async (store) => [await db.getAllKeys(store), await db.getAll(store)]),
  );
  db.close();
  return JSON.stringify(rows, (_, value: unknown) =>
    value instanceof Uint8Array ? String.fromCharCode(...value) : value,
  );
}

describe('the vault', () => {
  it('gives back what was put in, and writes neither names nor UIDs in the clear', async () => {
    const name = fresh();
    const { vault, id } = await made(name);
    await vault.append(id, [bytes('two'), bytes('three')]);
    const read = await vault.read(id);
    expect(read.ok && read.value?.pieces.map((piece) => new TextDecoder().decode(piece))).toEqual([
      'Secret^Name on 1.2.840.99',
      'two',
      'three',
    ]);
    expect(await everything(name)).not.toMatch(/Secret|1\.2\.840/);
  });

  it('does not read what another key has sealed, nor a piece that was changed or moved', async () => {
    const name = fresh();
    const { vault, id } = await made(name);
    await vault.append(id, [bytes('two')]);
    const db = await openDB(name);
    const [first, second] = (await db.getAll('pieces')) as { record: string; number: number; sealed: Uint8Array }[];
    await db.put('pieces', { ...first!, sealed: second!.sealed });
    expect(await vault.read(id)).toMatchObject({ error: { code: 'storage-unreadable' } });
    await db.put('pieces', { ...first!, sealed: first!.sealed.map((byte, index) => (index === 20 ? byte ^ 1 : byte)) });
    expect(await vault.read(id)).toMatchObject({ error: { code: 'storage-unreadable' } });
    await db.put('pieces', first!);
    expect((await vault.read(id)).ok).toBe(true);
    db.close();
  });

  it('keeps what each reader has apart, and destroys it with the key', async () => {
    const name = fresh();
    const { vault, id } = await made(name);
    vault.setOwner('doctor-a');
    expect(await vault.list()).toEqual({ ok: true, value: [] });
    expect(await vault.read(id)).toEqual({ ok: true, value: undefined });
    const own = await vault.create(RECORD, bytes('mine'));
    expect(await vault.list()).toMatchObject({ value: [{ about: { patient: 'Secret^Name' } }] });
    await vault.forget('doctor-a');
    expect(await vault.list()).toEqual({ ok: true, value: [] });
    expect(own.ok && (await vault.append(own.value, [bytes('x')]))).toEqual({ ok: true, value: false });
    vault.setOwner(undefined);
    expect(await vault.list()).toMatchObject({ value: [{ id }] });
  });

  it('lists what can no longer be read, so that it can be deleted', async () => {
    const name = fresh();
    const { vault, id } = await made(name);
    const db = await openDB(name);
    await db.clear('keys');
    db.close();
    const after = createVault(name);
    expect(await after.list()).toMatchObject({ value: [{ id, about: undefined }] });
    expect(await after.read(id)).toMatchObject({ error: { code: 'storage-unreadable' } });
    await after.remove([id]);
    expect(await vault.list()).toEqual({ ok: true, value: [] });
  });

  it('keys cannot be read out', async () => {
    const name = fresh();
    await made(name);
    const db = await openDB(name);
    for (const { key } of (await db.getAll('keys')) as { key: CryptoKey }[]) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
    }
    db.close();
  });

  it('loses nothing to a clock that was wrong once, and forgets what is really old', async () => {
    const day = 86_400_000;
    const name = fresh();
    let time = 1000 * day;
    const { vault } = await made(name, () => time);
    expect(await vault.expire(time + 3650 * day, 7 * day)).toEqual({ ok: true, value: 0 });
    expect(await vault.expire(time + day, 7 * day)).toEqual({ ok: true, value: 0 });
    expect(await vault.expire(time + 8 * day, 7 * day)).toEqual({ ok: true, value: 0 });
    expect(await vault.list()).toMatchObject({ value: [{ kind: 'work' }] });
    time += 9 * day;
    expect(await vault.expire(time, 7 * day)).toEqual({ ok: true, value: 1 });
    expect(await vault.list()).toEqual({ ok: true, value: [] });
  });

  it('counts the sealed bytes, and says when a record is gone', async () => {
    const { vault, id } = await made(fresh());
    await vault.append(id, [new Uint8Array(1000)]);
    const grown = await vault.list();
    expect(grown.ok && grown.value[0]!.bytes).toBeGreaterThan(1000);
    await vault.rewrite(id, new Uint8Array(10));
    const small = await vault.list();
    expect(small.ok && small.value[0]!.bytes).toBe(10 + 28);
    await vault.remove([id]);
    expect(await vault.append(id, [new Uint8Array(1)])).toEqual({ ok: true, value: false });
    expect(await vault.read(id)).toEqual({ ok: true, value: undefined });
  });
});
