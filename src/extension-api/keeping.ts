import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

/** Keeps what is not accepted yet over reloads and crashes. */
export interface DraftPort {
  /** @param draft as JSON, kept with the unsaved work of the open series; undefined: there is nothing */
  keepDraft(owner: string, draft: unknown): void;
  /** Called when the reader takes kept work up again that has a draft of this owner. */
  onDraft(owner: string, restore: (draft: unknown) => void): () => void;
}

/** An encoded object on its way into an archive. */
export interface OutboxObject {
  readonly bytes: Uint8Array;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** Id of the source that it goes to. */
  readonly targetId: string;
  readonly description: string;
  /** Called when the archive has proved that it holds the object, if this page still lives. */
  readonly onProved?: () => void;
}

/** How far an object has come. */
export type OutboxOutcome =
  | { readonly kind: 'sending' }
  /** `send`: the archive certainly does not have it; `ask`: it may; `other-content`: it holds something else under the UID. */
  | { readonly kind: 'failed'; readonly error: AppError; readonly recovery: 'send' | 'ask' | 'other-content' };

/** Objects stay in here until the archive has proved by read-back that it holds the same content. */
export interface OutboxPort {
  /** Resolves when the object is on the disk. */
  keep(object: OutboxObject): Promise<Result<void>>;
  note(sopInstanceUID: string, outcome: OutboxOutcome): Promise<void>;
  /** Read back, and the same; or another object has taken its place. */
  remove(sopInstanceUID: string): Promise<void>;
}
