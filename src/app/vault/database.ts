import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** What a record is: unsaved work of a series, or an object on its way to an archive. */
export type RecordKind = 'work' | 'outbox';

/** In the clear: nothing but random ids, keyed hashes, times and sizes. */
export interface RecordRow {
  readonly id: string;
  readonly kind: RecordKind;
  /** Keyed hash of what it belongs to. */
  readonly scope: string;
  /** Whose key opens it. */
  readonly owner: string;
  /** Session of the browser tab that made it. */
  readonly session: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Sealed bytes of all pieces. */
  readonly bytes: number;
  /** Number of the next piece: never goes back, so that no place is used twice. */
  readonly next: number;
  readonly about: Uint8Array<ArrayBuffer>;
  /** When a start of the program first found it too old. */
  readonly expiredSince?: number;
}

export interface PieceRow {
  readonly record: string;
  readonly number: number;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

export interface KeyRow {
  readonly name: string;
  readonly key: CryptoKey;
}

export interface VaultSchema extends DBSchema {
  records: { key: string; value: RecordRow };
  pieces: { key: [string, number]; value: PieceRow };
  keys: { key: string; value: KeyRow };
}

export type VaultDatabase = IDBPDatabase<VaultSchema>;

/** @param onGone the browser or another tab has closed the connection: open again for the next call */
export const openVaultDatabase = (name: string, onGone: () => void): Promise<VaultDatabase> =>
  openDB<VaultSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('records', { keyPath: 'id' });
      database.createObjectStore('pieces', { keyPath: ['record', 'number'] });
      database.createObjectStore('keys', { keyPath: 'name' });
    },
    blocking(_current, _wanted, event) {
      (event.target as IDBDatabase).close();
      onGone();
    },
    terminated: onGone,
  });

/** All pieces of a record. */
export const piecesOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);
