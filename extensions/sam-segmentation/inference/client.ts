import { ok, type Result } from '#core/result.ts';
import { Connection, type WorkerModelOptions } from './connection.ts';
import { cancelled, modelDisposed } from './failures.ts';
import { type DecodedMask, type Embedding, type PromptableModel, TOGETHER_ELSEWHERE } from './model.ts';
import type { BackendReport } from './selectBackend.ts';
import type { VolumeListener, WorkerVolumeModel } from './volumeClient.ts';

/** A model in a worker, and what the user interface says about where it runs. */
export interface WorkerModel extends PromptableModel {
  readonly report: BackendReport;
  /** Starts a volume model in the same worker; once. Errors as of {@link startWorkerModel}. */
  loadVolume(manifestUrl: string, listener?: VolumeListener): Promise<Result<WorkerVolumeModel>>;
}

/**
 * Starts the inference worker and one model in it.
 *
 * A call fails alone. When the worker itself dies, the calls it had are reported as `worker-crashed`, a new worker is
 * started (without WebGPU if that was in use), and embeddings of the old one are `embedding-evicted`.
 *
 * Errors: `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch`, `no-backend`, `worker-crashed`, `cancelled`.
 */
export async function startWorkerModel(options: WorkerModelOptions): Promise<Result<WorkerModel>> {
  const connection = new Connection(options);
  const abort = (): void => connection.dispose(cancelled());
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  const started = await connection.started;
  options.signal?.removeEventListener('abort', abort);
  if (!started.ok) {
    connection.dispose(started.error);
    return started;
  }
  const { manifest } = started.value;
  const report = (): BackendReport => connection.report ?? started.value.report;
  return ok({
    manifest,
    get report() {
      return report();
    },
    encodesTogether: () => (report().sentTo === undefined ? 1 : TOGETHER_ELSEWHERE),
    async encode(image, { signal, priority = 'visible' } = {}) {
      const id = connection.nextId();
      const answer = await connection.call({ type: 'encode', id, priority, image }, signal);
      if (answer.ok) return ok<Embedding>({ kind: 'embedding', id });
      // An encode that was cancelled while it ran may have left its embedding behind.
      if (answer.error.code === 'cancelled') connection.send({ type: 'release', embedding: id });
      return answer;
    },
    async decode(embedding, prompt, { signal, priority = 'prompt' } = {}): Promise<Result<DecodedMask>> {
      const id = connection.nextId();
      const answer = await connection.call({ type: 'decode', id, priority, embedding: embedding.id, prompt }, signal);
      if (!answer.ok) return answer;
      if (answer.value.type !== 'decoded') throw new Error('a decode was answered as an encode');
      return ok(answer.value.mask);
    },
    loadVolume: (manifestUrl, listener = {}) => connection.volume.load(manifestUrl, listener),
    release: (embedding) => connection.send({ type: 'release', embedding: embedding.id }),
    dispose: async () => connection.dispose(modelDisposed()),
  });
}
