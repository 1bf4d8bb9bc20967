import type { AppError } from '#core/errors.ts';
import type { ReadableState } from '#extension-api';
import type { WorkAbout } from './workAbout.ts';

/** How long work that is not stored in an archive stays in this browser. */
export const RETENTIONS = ['1', '7', '30', 'session', 'never'] as const;
/** Days, or until the tab is closed, or not at all. */
export type Retention = (typeof RETENTIONS)[number];

export type AutosaveState =
  /** Nothing that would have to be kept. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving' }
  /** Everything up to now is on the disk. */
  | { readonly kind: 'kept'; readonly at: number }
  /** Not kept: the reader is told for as long as that lasts. */
  | { readonly kind: 'failing'; readonly error: AppError }
  | { readonly kind: 'off'; readonly why: 'never' | 'unsupported' };

/** Kept work that can be taken up again. */
export interface KeptWork {
  readonly id: string;
  readonly about: WorkAbout;
  readonly updatedAt: number;
  readonly bytes: number;
  /** Another tab works on it. */
  readonly inUse: boolean;
}

export interface DamagedRecord {
  readonly id: string;
  readonly updatedAt: number;
  readonly bytes: number;
}

/** Keeps every accepted change in this browser until it is stored in an archive. */
export interface Autosave {
  readonly state: ReadableState<AutosaveState>;
  /** All kept work of this reader, newest first, without that which this tab works on. */
  readonly kept: ReadableState<readonly KeptWork[]>;
  /** Work, and objects for an archive, that can no longer be read: only to be discarded. */
  readonly damaged: ReadableState<readonly DamagedRecord[]>;
  /** Kept work of the open series that nobody works on. */
  readonly offers: ReadableState<readonly KeptWork[]>;
  /** The open series is worked on in another tab too. */
  readonly elsewhere: ReadableState<boolean>;
  /** Takes work up again, on the open series. What is there now stays kept. */
  restore(id: string): Promise<void>;
  discard(ids: readonly string[]): Promise<void>;
  /** Reads the list again. */
  refresh(): Promise<void>;
  /** What an extension has that is not accepted yet, as JSON; undefined: nothing. */
  keepDraft(owner: string, draft: unknown): void;
  onDraft(owner: string, restore: (draft: unknown) => void): () => void;
  /** Resolves when all that was accepted until now is on the disk, or could not be put there. */
  settled(): Promise<void>;
  dispose(): void;
}
