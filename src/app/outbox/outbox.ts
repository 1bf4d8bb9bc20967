import type { OutboxOutcome, OutboxPort, ReadableState } from '#extension-api';

/** An object that no archive has proved to hold. */
export interface OutboxItem {
  readonly id: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly targetId: string;
  readonly patient: string;
  readonly description: string;
  readonly createdAt: number;
  readonly bytes: number;
  /** `interrupted`: the page that sent it is gone, and nobody knows how far it came. */
  readonly outcome: OutboxOutcome | { readonly kind: 'interrupted' };
  /** This or another tab is at it. */
  readonly busy: boolean;
}

export interface Outbox extends OutboxPort {
  /** Oldest first. */
  readonly items: ReadableState<readonly OutboxItem[]>;
  /** Share of the running retry that has been sent, by item. */
  readonly progress: ReadableState<ReadonlyMap<string, number | undefined>>;
  /** Asks for the UID first; sends only where the archive does not have it; then reads back and compares. */
  retry(id: string): Promise<void>;
  stop(id: string): void;
  /** The object as a file; undefined where it can no longer be read. */
  file(id: string): Promise<Uint8Array | undefined>;
  discard(ids: readonly string[]): Promise<void>;
  refresh(): Promise<void>;
  dispose(): void;
}
