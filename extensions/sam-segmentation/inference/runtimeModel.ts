import { err, ok } from '#core/result.ts';
import { EmbeddingStore } from './embeddingStore.ts';
import { cancelled, embeddingEvicted, modelDisposed } from './failures.ts';
import { type PromptableModel, TOGETHER_ELSEWHERE } from './model.ts';
import type { SamRuntime } from './samRuntime.ts';

/** A {@link PromptableModel} in this very thread: for Node, where nothing waits on a user interface. */
export function runtimeModel(runtime: SamRuntime, embeddingBytes: number): PromptableModel {
  const store = new EmbeddingStore(embeddingBytes);
  let nextId = 1;
  let disposed = false;
  return {
    manifest: runtime.manifest,
    encodesTogether: () => (runtime.backend.elsewhere === undefined ? 1 : TOGETHER_ELSEWHERE),
    async encode(image, { signal } = {}) {
      if (disposed) return err(modelDisposed());
      if (signal?.aborted) return err(cancelled());
      const embedding = await runtime.encode(image, signal);
      if (signal?.aborted) return err(cancelled());
      if (!embedding.ok) return embedding;
      const id = nextId++;
      store.set(id, embedding.value);
      return ok({ kind: 'embedding', id });
    },
    async decode(embedding, prompt, { signal } = {}) {
      if (disposed) return err(modelDisposed());
      if (signal?.aborted) return err(cancelled());
      const tensor = store.get(embedding.id);
      if (tensor === undefined) return err(embeddingEvicted());
      const mask = await runtime.decode(tensor, prompt, signal);
      return signal?.aborted ? err(cancelled()) : mask;
    },
    release: (embedding) => store.delete(embedding.id),
    async dispose() {
      if (disposed) return;
      disposed = true;
      store.clear();
      await runtime.dispose();
    },
  };
}
