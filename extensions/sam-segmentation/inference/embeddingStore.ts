import type { EmbeddingTensors } from './samRuntime.ts';

/**
 * Embeddings by id, bounded in bytes, the least recently used going first. In memory only: they derive from patient pixels.
 */
export class EmbeddingStore {
  readonly #entries = new Map<number, EmbeddingTensors>();
  readonly #capacity: number;
  #bytes = 0;

  /** @param capacity bytes; the newest entry stays even when it alone is larger */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get bytes(): number {
    return this.#bytes;
  }

  set(id: number, value: EmbeddingTensors): void {
    this.delete(id);
    this.#entries.set(id, value);
    this.#bytes += bytesOf(value);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#capacity || oldest === id) break;
      this.delete(oldest);
    }
  }

  /** The embedding, which becomes the most recently used one. */
  get(id: number): EmbeddingTensors | undefined {
    const value = this.#entries.get(id);
    if (value === undefined) return undefined;
    this.#entries.delete(id);
    this.#entries.set(id, value);
    return value;
  }

  delete(id: number): void {
    const value = this.#entries.get(id);
    if (value === undefined) return;
    this.#bytes -= bytesOf(value);
    this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}

const bytesOf = (value: EmbeddingTensors): number =>
  Object.values(value).reduce((sum, { data }) => sum + data.byteLength, 0);
