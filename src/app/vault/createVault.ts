import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { hashed, newHashKey, newKey, seal, unseal } from './cipher.ts';
import { openVaultDatabase, piecesOf, type RecordRow, type VaultDatabase } from './database.ts';
import type { KeptRecord, NewRecord, Vault } from './vault.ts';

/** Nobody is signed in: the key lies beside the data, and protects it from nobody who can use this browser profile. */
const NOBODY = 'device';
const HASH_KEY = 'hash';
const SECOND_LOOK_MS = 3_600_000;
const DURABLE = { durability: 'strict' } as const;

/** A vault in IndexedDB. @param name of the database; another one for tests */
export function createVault(name = 'voxprompt', now: () => number = Date.now): Vault {
  let opened: Promise<VaultDatabase> | undefined;
  let owner = NOBODY;
  /** Records that this page writes, as they were last written. */
  const rows = new Map<string, RecordRow>();
  const keys = new Map<string, Promise<CryptoKey>>();

  const database = (): Promise<VaultDatabase> => {
    opened ??= openVaultDatabase(name, () => {
      opened = undefined;
    });
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };

  /** A key of the database, made where there is none; two tabs that make one at a time end up with the same. */
  function keyNamed(keyName: string, make: () => Promise<CryptoKey>): Promise<CryptoKey> {
    const known = keys.get(keyName);
    if (known !== undefined) return known;
    const loading = (async () => {
      const db = await database();
      const found = await db.get('keys', keyName);
      if (found !== undefined) return found.key;
      const made = await make();
      const transaction = db.transaction('keys', 'readwrite', DURABLE);
      const meanwhile = await transaction.store.get(keyName);
      if (meanwhile === undefined) await transaction.store.put({ name: keyName, key: made });
      await transaction.done;
      return meanwhile?.key ?? made;
    })();
    keys.set(keyName, loading);
    loading.catch(() => keys.delete(keyName));
    return loading;
  }
  const sealingKey = (whose: string): Promise<CryptoKey> => keyNamed(`owner ${whose}`, newKey);
  const sealAbout = async (id: string, whose: string, about: unknown) =>
    seal(await sealingKey(whose), `${id} about`, new TextEncoder().encode(JSON.stringify(about)));

  /**
   * Seals first, because a transaction does not wait for anything else; then writes all in one. The row is remembered, and all
   * requests leave at once: every round trip more is time in which a change could be lost.
   */
  async function change(
    id: string,
    pieces: readonly Uint8Array[],
    replace: boolean,
    about?: unknown,
  ): Promise<boolean> {
    const db = await database();
    const row = rows.get(id) ?? (await db.get('records', id));
    if (row === undefined) return false;
    const key = await sealingKey(row.owner);
    const [newAbout, ...sealed] = await Promise.all([
      about === undefined ? row.about : sealAbout(id, row.owner, about),
      ...pieces.map((piece, index) => seal(key, `${id} ${row.next + index}`, piece)),
    ]);
    const added = sealed.reduce((sum, piece) => sum + piece.length, 0);
    const next: RecordRow = {
      ...row,
      updatedAt: now(),
      bytes: replace ? added : row.bytes + added,
      next: row.next + sealed.length,
      about: newAbout,
    };
    const transaction = db.transaction(['records', 'pieces'], 'readwrite', DURABLE);
    const records = transaction.objectStore('records');
    const store = transaction.objectStore('pieces');
    const writing = [
      // One tab owns a record (a lock sees to it), so only its removal can have come in between: then nothing is written.
      records.get(id).then((present) => {
        const same = present !== undefined && present.next === row.next;
        if (!same) transaction.abort();
        return same;
      }),
      ...(replace ? [store.delete(piecesOf(id))] : []),
      ...sealed.map((piece, index) => store.put({ record: id, number: row.next + index, sealed: piece })),
      records.put(next),
    ];
    const [[same]] = await Promise.all([Promise.allSettled(writing), transaction.done.catch(() => undefined)]);
    if (same?.status === 'fulfilled' && same.value === false) {
      rows.delete(id);
      return false;
    }
    // Rejects where the transaction did: no room, or the database is gone.
    await Promise.all(writing);
    await transaction.done;
    rows.set(id, next);
    return true;
  }

  async function removeAll(ids: readonly string[]): Promise<void> {
    const transaction = (await database()).transaction(['records', 'pieces'], 'readwrite', DURABLE);
    for (const id of ids) {
      rows.delete(id);
      void transaction.objectStore('records').delete(id);
      void transaction.objectStore('pieces').delete(piecesOf(id));
    }
    await transaction.done;
  }

  async function listed(row: RecordRow): Promise<KeptRecord> {
    const { id, kind, scope, session, createdAt, updatedAt, bytes } = row;
    const record = { id, kind, scope, session, createdAt, updatedAt, bytes };
    try {
      const about = await unseal(await sealingKey(row.owner), `${row.id} about`, row.about);
      return { ...record, about: JSON.parse(new TextDecoder().decode(about)) as unknown };
    } catch {
      return { ...record, about: undefined };
    }
  }

  return {
    setOwner(next) {
      owner = next ?? NOBODY;
    },
    create: (record: NewRecord, first) =>
      attempt(async () => {
        const id = crypto.randomUUID();
        const whose = owner;
        const piece = await seal(await sealingKey(whose), `${id} 0`, first);
        const row: RecordRow = {
          id,
          kind: record.kind,
          scope: await hashed(await keyNamed(HASH_KEY, newHashKey), record.scope),
          owner: whose,
          session: record.session,
          createdAt: now(),
          updatedAt: now(),
          bytes: piece.length,
          next: 1,
          about: await sealAbout(id, whose, record.about),
        };
        const transaction = (await database()).transaction(['records', 'pieces'], 'readwrite', DURABLE);
        await Promise.all([
          transaction.objectStore('records').put(row),
          transaction.objectStore('pieces').put({ record: id, number: 0, sealed: piece }),
          transaction.done,
        ]);
        rows.set(id, row);
        return id;
      }),
    append: (id, pieces) => attempt(() => change(id, pieces, false)),
    rewrite: (id, piece) => attempt(() => change(id, [piece], true)),
    describe: (id, about) => attempt(() => change(id, [], false, about)),
    read: (id) =>
      attempt(async () => {
        const transaction = (await database()).transaction(['records', 'pieces'], 'readonly');
        const [row, pieces] = await Promise.all([
          transaction.objectStore('records').get(id),
          transaction.objectStore('pieces').getAll(piecesOf(id)),
          transaction.done,
        ]);
        if (row === undefined || row.owner !== owner) return undefined;
        const key = await sealingKey(row.owner);
        const about = await unseal(key, `${id} about`, row.about);
        return {
          about: JSON.parse(new TextDecoder().decode(about)) as unknown,
          pieces: await Promise.all(pieces.map(({ number, sealed }) => unseal(key, `${id} ${number}`, sealed))),
        };
      }),
    list: (kind) =>
      attempt(async () => {
        const rows = await (await database()).getAll('records');
        const own = rows.filter((row) => row.owner === owner && (kind === undefined || row.kind === kind));
        const records = await Promise.all(own.map(listed));
        return records.sort((a, b) => b.updatedAt - a.updatedAt);
      }),
    scopeOf: (text) => attempt(async () => hashed(await keyNamed(HASH_KEY, newHashKey), text)),
    remove: (ids) => attempt(() => removeAll(ids)),
    expire: (at, olderThanMs) =>
      attempt(async () => {
        const transaction = (await database()).transaction('records', 'readwrite', DURABLE);
        const gone: string[] = [];
        for (const row of await transaction.store.getAll()) {
          const { expiredSince, ...rest } = row;
          if (at - row.updatedAt <= olderThanMs) {
            if (expiredSince !== undefined) await transaction.store.put(rest);
          } else if (expiredSince === undefined || expiredSince > at) {
            await transaction.store.put({ ...rest, expiredSince: at });
          } else if (at - expiredSince >= SECOND_LOOK_MS && row.kind === 'work') gone.push(row.id);
        }
        await transaction.done;
        await removeAll(gone);
        return gone.length;
      }),
    forget: (whose) =>
      attempt(async () => {
        keys.delete(`owner ${whose}`);
        const db = await database();
        const rows = await db.getAll('records');
        await db.delete('keys', `owner ${whose}`);
        await removeAll(rows.filter((row) => row.owner === whose).map(({ id }) => id));
      }),
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work());
  } catch (thrown) {
    return err(storageError(thrown));
  }
}

function storageError(thrown: unknown) {
  const name = thrown instanceof Error || thrown instanceof DOMException ? thrown.name : '';
  if (name === 'QuotaExceededError') {
    return appError('storage-full', 'This browser has no room left to keep unsaved work.', {
      remedy: 'Your work is still here, in memory: save it to the archive, or delete stored work under Settings.',
      cause: thrown,
    });
  }
  if (name === 'OperationError') {
    return appError('storage-unreadable', 'Stored work cannot be read: it is damaged, or sealed with another key.', {
      cause: thrown,
    });
  }
  return appError('storage-unavailable', 'This browser does not keep unsaved work.', {
    remedy: 'Your work is in memory only: save it to the archive before you close the page.',
    cause: thrown,
  });
}
