import { type AppError, appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BackendName, InferenceBackend, OpenBackend } from './backends/backend.ts';
import { EmbeddingStore } from './embeddingStore.ts';
import { embeddingEvicted } from './failures.ts';
import { readGolden } from './golden.ts';
import { type ModelManifest, parseManifest } from './manifest.ts';
import { type InferencePriority, TOGETHER_ELSEWHERE } from './model.ts';
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

/** What a call asks of the promptable model. */
type Operation<T> = (runtime: SamRuntime, signal: AbortSignal) => Promise<Result<T>>;

/** What is under way at an inference server at most: a prompt never waits for room behind the encodes of a request. */
const MOST_ELSEWHERE = 2 * TOGETHER_ELSEWHERE;

/** What runs inside the worker: a promptable model and a volume model beside it. */
export class InferenceHost {
  readonly #ports: HostPorts;
  /** What this machine runs, one after another: two models on one processor only hinder each other. */
  readonly #here = new PriorityQueue();
  /** What only waits for an inference server. */
  readonly #elsewhere = new PriorityQueue(MOST_ELSEWHERE);
  readonly #running = new Map<number, AbortController>();
  readonly #cancelled = new Set<number>();
  readonly #volume: VolumeHost;
  /** Why a runtime is of no use any more. */
  readonly #lost = new WeakMap<SamRuntime, string>();
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
        this.#enqueue(
          message,
          (runtime, signal) => runtime.encode(message.image, signal),
          (embedding, { store }) => {
            store.set(message.id, embedding);
            this.#ports.post({ type: 'encoded', id: message.id });
          },
        );
        return;
      case 'decode':
        this.#enqueue(
          message,
          async (runtime, signal) => {
            const embedding = this.#loaded?.store.get(message.embedding);
            return embedding === undefined
              ? err(embeddingEvicted())
              : runtime.decode(embedding, message.prompt, signal);
          },
          (mask) => this.#ports.post({ type: 'decoded', id: message.id, mask }, [mask.logits.buffer as ArrayBuffer]),
        );
        return;
      case 'start-volume':
        // In the queue: no runtime is asked to make a session while it runs another. Behind every prompt that waits.
        void this.#volume.start(message, (run) => this.#here.add({ id: -1, priority: 'prefetch', run }));
        return;
      case 'volume':
        this.#here.add({
          ...message,
          run: () =>
            this.#answer(message.id, async () => {
              const answer = await this.#volume.run(message.input);
              if (!answer.ok) return answer;
              return ok(() => this.#ports.post({ type: 'volume-answered', id: message.id, answer: answer.value }));
            }),
        });
        return;
      case 'cancel':
        // The page has answered the caller already; what runs here is let run, and its result dropped.
        if (this.#here.cancel(message.id) || this.#elsewhere.cancel(message.id)) return;
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
      this.#loaded = { start, manifest: manifest.value, store, runtime: this.#watched(selected.value.runtime) };
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

  #enqueue<T>(
    message: { readonly id: number; readonly priority: InferencePriority },
    operation: Operation<T>,
    answered: (value: T, loaded: Loaded) => void,
  ): void {
    const { id, priority } = message;
    const loaded = this.#loaded;
    const queue = loaded !== undefined && this.#waitsElsewhere(loaded.runtime) ? this.#elsewhere : this.#here;
    const run = (): Promise<void> =>
      this.#answer(id, async (signal) => {
        // Whatever waited for a server that is gone by now goes on here, behind each other.
        const goesOn = (): void => this.#enqueue(message, operation, answered);
        const present = this.#loaded;
        if (present === undefined) return err(appError('inference-failed', 'The model has not been started.'));
        if (queue === this.#elsewhere && !this.#waitsElsewhere(present.runtime)) return ok(goesOn);
        const settled = await this.#attempt(present.runtime, operation, signal);
        if (settled !== 'lost') return settled.ok ? ok(() => answered(settled.value, present)) : settled;
        if (queue === this.#elsewhere) return ok(goesOn);
        const moved = await this.#moveFrom(present.runtime);
        if (!moved.ok) return moved;
        const again = await operation(moved.value, signal);
        return again.ok ? ok(() => answered(again.value, present)) : again;
      });
    queue.add({ id, priority, run });
  }

  #waitsElsewhere(runtime: SamRuntime): boolean {
    return runtime.backend.elsewhere !== undefined && !this.#lost.has(runtime);
  }

  /** Runs a call, and does what its result says unless it was cancelled meanwhile. */
  async #answer(id: number, work: (signal: AbortSignal) => Promise<Result<() => void>>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(id, abort);
    const result = await work(abort.signal).catch((cause: unknown) => err(unexpected(cause)));
    this.#running.delete(id);
    if (this.#cancelled.delete(id)) return;
    if (result.ok) result.value();
    else this.#ports.post({ type: 'failed', id, error: result.error });
  }

  /** @returns `lost` where the device or the server is gone, whatever became of the run */
  async #attempt<T>(runtime: SamRuntime, operation: Operation<T>, signal: AbortSignal): Promise<Result<T> | 'lost'> {
    const { lost } = runtime.backend;
    if (lost === undefined) return operation(runtime, signal);
    if (this.#lost.has(runtime)) return 'lost';
    const announced = lost.then(() => 'lost' as const);
    const result = operation(runtime, signal);
    const first = await Promise.race([announced, result]);
    if (first === 'lost' || first.ok) return first;
    // A loss often fails the run first and is announced after, so give the announcement a turn.
    return Promise.race([announced, after(result, 50)]);
  }

  /** To the next backend; only ever called by what runs here, so one move at a time. */
  async #moveFrom(runtime: SamRuntime): Promise<Result<SamRuntime>> {
    const loaded = this.#loaded!;
    const what =
      runtime.backend.elsewhere === undefined ? 'The graphics device was lost' : 'The inference server is gone';
    this.#skip = { ...this.#skip, [runtime.backend.name]: `${what} (${this.#lost.get(runtime)}).` };
    await runtime.dispose().catch(() => undefined);
    const selected = await this.#select(loaded.start, loaded.manifest);
    if (!selected.ok) return selected;
    this.#loaded = { ...loaded, runtime: this.#watched(selected.value.runtime) };
    this.#ports.post({ type: 'backend-changed', report: selected.value.report });
    return ok(selected.value.runtime);
  }

  #watched(runtime: SamRuntime): SamRuntime {
    void runtime.backend.lost?.then((reason) => this.#lost.set(runtime, reason));
    return runtime;
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
