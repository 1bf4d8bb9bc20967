import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BackendName, InferenceBackend, OpenBackend } from './backends/backend.ts';
import { EmbeddingStore } from './embeddingStore.ts';
import { embeddingEvicted } from './failures.ts';
import { readGolden } from './golden.ts';
import { type ModelManifest, parseManifest } from './manifest.ts';
import { type ReadModelFile, readGraphs } from './modelFiles.ts';
import type { RequestMessage, ResponseMessage, SkippedBackends, StartMessage } from './protocol.ts';
import { PriorityQueue } from './queue.ts';
import type { RemoteSettings } from './remote/inferenceServer.ts';
import { createSamRuntime, type SamRuntime } from './samRuntime.ts';
import { selectBackend } from './selectBackend.ts';
import { selfCheck } from './selfCheck.ts';
import { VolumeHost } from './volumeHost.ts';

/** The world outside the worker, handed in so that the host itself can be tested anywhere. */
export interface HostPorts {
  readonly post: (message: ResponseMessage, transfer?: Transferable[]) => void;
  /** In the order of preference. */
  readonly backends: readonly { readonly name: BackendName; readonly open: OpenBackend }[];
  readonly openRemote: (settings: RemoteSettings, manifest: ModelManifest) => Promise<Result<InferenceBackend>>;
  readonly readText: (url: string) => Promise<Result<string>>;
  readonly filesAt: (manifestUrl: string) => ReadModelFile;
}

interface Loaded {
  readonly start: StartMessage;
  readonly manifest: ModelManifest;
  readonly store: EmbeddingStore;
  readonly runtime: SamRuntime;
}

/** What runs inside the worker: a promptable model, a volume model beside it, one queue. */
export class InferenceHost {
  readonly #ports: HostPorts;
  /** A server takes several slices together; this machine runs one after another. */
  readonly #queue = new PriorityQueue(() => (this.#loaded?.runtime.backend.elsewhere === undefined ? 1 : 8));
  readonly #running = new Map<number, AbortController>();
  readonly #cancelled = new Set<number>();
  readonly #volume: VolumeHost;
  #loaded: Loaded | undefined;
  #skip: SkippedBackends = {};

  constructor(ports: HostPorts) {
    this.#ports = ports;
    this.#volume = new VolumeHost(ports);
  }

  receive(message: RequestMessage): void {
    switch (message.type) {
      case 'start':
        void this.#start(message);
        return;
      case 'encode':
        this.#enqueue(message, async (loaded) => {
          const encoded = await this.#run((runtime) =>
            runtime.encode(message.image, this.#running.get(message.id)?.signal),
          );
          if (!encoded.ok) return encoded;
          if (!this.#cancelled.has(message.id)) loaded.store.set(message.id, encoded.value);
          return ok({ type: 'encoded', id: message.id });
        });
        return;
      case 'decode':
        this.#enqueue(message, async (loaded) => {
          const embedding = loaded.store.get(message.embedding);
          if (embedding === undefined) return err(embeddingEvicted());
          const mask = await this.#run((runtime) =>
            runtime.decode(embedding, message.prompt, this.#running.get(message.id)?.signal),
          );
          return mask.ok ? ok({ type: 'decoded', id: message.id, mask: mask.value }) : mask;
        });
        return;
      case 'start-volume':
        // In the queue: no runtime is asked to make a session while it runs another. Behind every prompt that waits.
        void this.#volume.start(message, (run) => this.#queue.add({ id: -1, priority: 'prefetch', run }));
        return;
      case 'volume':
        this.#enqueue(message, async () => {
          const answer = await this.#volume.run(message.input);
          return answer.ok ? ok({ type: 'volume-answered', id: message.id, answer: answer.value }) : answer;
        });
        return;
      case 'cancel':
        // The page has answered the caller already; what runs here is let run, and its result dropped.
        if (this.#queue.cancel(message.id)) return;
        this.#cancelled.add(message.id);
        this.#running.get(message.id)?.abort(new Error('cancelled'));
        return;
      case 'release':
        this.#loaded?.store.delete(message.embedding);
    }
  }

  async #start(start: StartMessage): Promise<void> {
    const { post, readText } = this.#ports;
    this.#skip = start.skip;
    try {
      const text = await readText(start.manifestUrl);
      const manifest = text.ok ? parseManifest(text.value, fileName(start.manifestUrl)) : text;
      const selected = manifest.ok ? await this.#select(start, manifest.value) : manifest;
      if (!manifest.ok || !selected.ok) return post({ type: 'start-failed', error: failureOf(manifest, selected) });
      const store = new EmbeddingStore(start.embeddingBytes);
      this.#loaded = { start, manifest: manifest.value, store, runtime: selected.value.runtime };
      post({ type: 'ready', manifest: manifest.value, report: selected.value.report });
    } catch (cause) {
      post({ type: 'start-failed', error: unexpected(cause) });
    }
  }

  #select(start: StartMessage, manifest: ModelManifest) {
    const { post, backends, filesAt, openRemote } = this.#ports;
    const read = filesAt(start.manifestUrl);
    const onProgress = (bytes: { loaded: number; total: number }): void =>
      post({ type: 'progress', progress: { stage: 'download', ...bytes } });
    // The expanded weights are kept only for the time of the selection.
    let golden: ReturnType<typeof readGolden> | undefined;
    let graphs: ReturnType<typeof readGraphs> | undefined;
    const { remote } = start;
    const elsewhere =
      remote === undefined ? [] : [{ name: 'remote' as const, open: () => openRemote(remote, manifest) }];
    return selectBackend({
      manifest,
      candidates: [...elsewhere, ...backends].map((backend) => ({ ...backend, skip: this.#skip[backend.name] })),
      load: {
        golden: () => (golden ??= readGolden(manifest, read)),
        graphs: () => (graphs ??= readGraphs(manifest, read, { onProgress })),
      },
      create: (loaded, backend) => createSamRuntime(manifest, loaded, backend),
      check: selfCheck,
      trusted: start.trusted,
      onAttempt: (backend) => post({ type: 'progress', progress: { stage: 'backend', backend } }),
    });
  }

  #enqueue(
    message: { readonly id: number; readonly priority: 'prompt' | 'visible' | 'propagation' | 'prefetch' },
    work: (loaded: Loaded) => Promise<Result<ResponseMessage>>,
  ): void {
    const { id, priority } = message;
    const run = async (): Promise<void> => {
      const loaded = this.#loaded;
      this.#running.set(id, new AbortController());
      const result = await (loaded === undefined
        ? err(appError('inference-failed', 'The model has not been started.'))
        : work(loaded).catch((cause: unknown) => err(unexpected(cause))));
      this.#running.delete(id);
      if (this.#cancelled.delete(id)) return;
      if (!result.ok) return this.#ports.post({ type: 'failed', id, error: result.error });
      const response = result.value;
      this.#ports.post(response, response.type === 'decoded' ? [response.mask.logits.buffer as ArrayBuffer] : []);
    };
    this.#queue.add({ id, priority, run });
  }

  /** Runs on the present backend, and once more on the next one when the device is lost meanwhile or was before. */
  async #run<T>(operation: (runtime: SamRuntime) => Promise<Result<T>>): Promise<Result<T>> {
    const { runtime } = this.#loaded!;
    const { lost } = runtime.backend;
    const result = operation(runtime);
    if (lost === undefined) return result;
    // A loss often fails the run first and is announced after, so give the announcement a turn.
    const announced = lost.then((reason) => ({ lostBecause: reason }));
    const first = await Promise.race([announced, result]);
    const settled = 'ok' in first && first.ok ? first : await Promise.race([announced, after(result, 50)]);
    if (!('lostBecause' in settled)) return settled;
    const moved = await this.#moveFrom(runtime, settled.lostBecause);
    return moved.ok ? operation(moved.value) : moved;
  }

  async #moveFrom(runtime: SamRuntime, reason: string): Promise<Result<SamRuntime>> {
    const loaded = this.#loaded!;
    const what =
      runtime.backend.elsewhere === undefined ? 'The graphics device was lost' : 'The inference server is gone';
    this.#skip = { ...this.#skip, [runtime.backend.name]: `${what} (${reason}).` };
    await runtime.dispose().catch(() => undefined);
    const selected = await this.#select(loaded.start, loaded.manifest);
    if (!selected.ok) return selected;
    this.#loaded = { ...loaded, runtime: selected.value.runtime };
    this.#ports.post({ type: 'backend-changed', report: selected.value.report });
    return ok(selected.value.runtime);
  }
}

const after = async <T>(value: Promise<T>, milliseconds: number): Promise<T> => {
  const settled = await value;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return settled;
};

/** The last two parts of a URL's path: enough to know the model, and no host name. */
const fileName = (url: string): string => new URL(url).pathname.split('/').slice(-2).join('/');

const failureOf = (...results: Result<unknown>[]): AppError =>
  results.find((result) => !result.ok)?.error ?? unexpected('no failure');

const unexpected = (cause: unknown): AppError =>
  appError('inference-failed', 'Inference stopped unexpectedly.', {
    remedy: 'Try again; if it happens again, reload the page.',
    cause: describeThrown(cause),
  });
