import type { Result } from '#core/result.ts';
import type { RecordKind } from './database.ts';

/** A record as it is listed. `about` is whatever its maker wrote there. */
export interface KeptRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly scope: string;
  /** Tab session that made it. */
  readonly session: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly bytes: number;
  /** Undefined where it cannot be read: damaged, or sealed with a key that is gone. */
  readonly about: unknown;
}

export interface NewRecord {
  readonly kind: RecordKind;
  /** What it belongs to, in the clear: only its keyed hash is written. */
  readonly scope: string;
  readonly session: string;
  readonly about: unknown;
}

/**
 * Records of sealed pieces in this browser. Each call is one transaction, flushed to the disk before it resolves: all of it is
 * there afterwards, or nothing. Errors: `storage-full`, `storage-unavailable`, `storage-unreadable`.
 */
export interface Vault {
  /** Whose key is used from now on; undefined: nobody is signed in. */
  setOwner(owner: string | undefined): void;
  create(record: NewRecord, first: Uint8Array): Promise<Result<string>>;
  /** False where the record is gone: another tab has deleted it. */
  append(id: string, pieces: readonly Uint8Array[]): Promise<Result<boolean>>;
  /** Puts one piece in the place of all. */
  rewrite(id: string, piece: Uint8Array): Promise<Result<boolean>>;
  describe(id: string, about: unknown): Promise<Result<boolean>>;
  read(id: string): Promise<Result<{ readonly about: unknown; readonly pieces: readonly Uint8Array[] } | undefined>>;
  /** Records of the present owner, newest first. */
  list(kind?: RecordKind): Promise<Result<readonly KeptRecord[]>>;
  /** The hash that stands for a scope. */
  scopeOf(text: string): Promise<Result<string>>;
  remove(ids: readonly string[]): Promise<Result<void>>;
  /**
   * Removes what is older than its time. A record goes only when two starts, an hour apart, both found it too old: a clock that
   * was wrong once loses nothing.
   */
  expire(now: number, olderThanMs: number): Promise<Result<number>>;
  /** Destroys the key of an owner with all that it sealed. */
  forget(owner: string): Promise<Result<void>>;
}
