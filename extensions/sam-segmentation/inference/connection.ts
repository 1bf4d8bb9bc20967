import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { cancelled } from './failures.ts';
import type { RequestMessage, ResponseMessage, SkippedBackends, StartProgress } from './protocol.ts';
import type { RemoteSettings } from './remote/inferenceServer.ts';
import type { BackendReport } from './selectBackend.ts';
import type { SelfCheckRecord } from './selfCheckRecord.ts';
import { VolumeEnd } from './volumeClient.ts';

/** As much of a Worker as is used. */
export interface WorkerPort {
  postMessage(message: RequestMessage): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<ResponseMessage>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface WorkerModelOptions {
  /** Absolute. */
  readonly manifestUrl: string;
  readonly createWorker: () => WorkerPort;
  readonly record: SelfCheckRecord;
  /** An inference server to be tried before this machine. */
  readonly remote?: RemoteSettings | undefined;
  /** Backends that are not to be tried, and why: the reader's choice. */
  readonly skip?: SkippedBackends | undefined;
  /** Memory for embeddings in the worker; default 256 MiB, 64 embeddings of LiteMedSAM. */
  readonly embeddingBytes?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StartProgress) => void) | undefined;
  /** Told when the worker was restarted or the device was lost and another backend took over. */
  readonly onBackendChange?: ((report: BackendReport) => void) | undefined;
}

type Answer = Extract<ResponseMessage, { type: 'encoded' | 'decoded' | 'volume-answered' }>;
type Call = Extract<RequestMessage, { type: 'encode' | 'decode' | 'volume' }>;
type Start = Result<Extract<ResponseMessage, { type: 'ready' }>>;

/** One worker crash is bad luck; more in a row without a single answered call between them are not. */
const MOST_CRASHES = 3;

/** The page's end of the wire: numbered calls, and a worker that is replaced when it dies. */
export class Connection {
  readonly #options: WorkerModelOptions;
  readonly #pending = new Map<number, (answer: Result<Answer>) => void>();
  #worker: WorkerPort | undefined;
  #skip: SkippedBackends = {};
  #trying: StartProgress | undefined;
  #crashes = 0;
  #lastId = 0;
  #closed: AppError | undefined;
  #resolveStart: (start: Start) => void = () => undefined;
  #started: Promise<Start>;
  #tryingVolume: StartProgress | undefined;
  report: BackendReport | undefined;
  readonly volume = new VolumeEnd({
    start: (manifestUrl) => {
      const { record } = this.#options;
      this.send({ type: 'start-volume', manifestUrl, trusted: record.passed(), skip: this.#skip });
    },
    run: async (message, signal) => {
      const answer = await this.call({ ...message, id: this.nextId() }, signal);
      if (!answer.ok) return answer;
      if (answer.value.type !== 'volume-answered') throw new Error('a volume run was answered as something else');
      return ok(answer.value.answer);
    },
    passed: (key) => this.#options.record.addPassed(key),
  });

  constructor(options: WorkerModelOptions) {
    this.#options = options;
    this.#skip = options.skip ?? {};
    const ended = options.record.endedDuring();
    if (ended !== undefined && ended !== 'wasm' && this.#skip[ended] === undefined) {
      this.#skip = { ...this.#skip, [ended]: 'The browser ended unexpectedly when it was last tried.' };
    }
    this.#started = this.#spawn();
  }

  get started(): Promise<Start> {
    return this.#started;
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  send(message: RequestMessage): void {
    if (this.#closed === undefined) this.#worker?.postMessage(message);
  }

  async call(message: Call, signal?: AbortSignal): Promise<Result<Answer>> {
    if (signal?.aborted) return err(cancelled());
    const started = await this.#started;
    if (this.#closed !== undefined) return err(this.#closed);
    if (!started.ok) return started;
    if (signal?.aborted) return err(cancelled());
    return new Promise((resolve) => {
      const abort = (): void => {
        this.send({ type: 'cancel', id: message.id });
        this.#settle(message.id, err(cancelled()));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#pending.set(message.id, (answer) => {
        signal?.removeEventListener('abort', abort);
        resolve(answer);
      });
      this.send(message);
    });
  }

  dispose(reason: AppError): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#options.record.setTrying(undefined);
    this.#worker?.terminate();
    this.#resolveStart(err(reason));
    this.volume.close(reason);
    this.#settleAll(reason);
  }

  #spawn(): Promise<Start> {
    const { manifestUrl, record, createWorker, remote, embeddingBytes = 2 ** 28 } = this.#options;
    this.#trying = undefined;
    const start = new Promise<Start>((resolve) => {
      this.#resolveStart = resolve;
    });
    const worker = createWorker();
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => this.#crashed(worker, event.message);
    worker.postMessage({
      type: 'start',
      manifestUrl,
      trusted: record.passed(),
      skip: this.#skip,
      embeddingBytes,
      remote,
    });
    return start;
  }

  #receive(message: ResponseMessage): void {
    const { record, onProgress, onBackendChange } = this.#options;
    switch (message.type) {
      case 'progress':
        this.#trying = message.progress;
        if (message.progress.stage === 'backend') record.setTrying(message.progress.backend);
        onProgress?.(message.progress);
        return;
      case 'ready':
      case 'backend-changed': {
        record.setTrying(undefined);
        record.addPassed(message.report.selfCheckKey);
        const restarted = this.report !== undefined;
        this.report = message.report;
        if (message.type === 'ready') this.#resolveStart(ok(message));
        if (restarted || message.type === 'backend-changed') onBackendChange?.(message.report);
        return;
      }
      case 'start-failed':
        record.setTrying(undefined);
        this.#resolveStart(err(message.error));
        return;
      case 'failed':
        this.#settle(message.id, err(message.error));
        return;
      case 'encoded':
      case 'decoded':
      case 'volume-answered':
        this.#crashes = 0;
        this.#settle(message.id, ok(message));
        return;
      default:
        this.#tryingVolume = message.type === 'volume-progress' ? message.progress : undefined;
        record.setTrying(this.#tryingVolume?.stage === 'backend' ? this.#tryingVolume.backend : undefined);
        this.volume.receive(message);
    }
  }

  #crashed(worker: WorkerPort, cause: string): void {
    if (worker !== this.#worker || this.#closed !== undefined) return;
    worker.terminate();
    this.#crashes += 1;
    const trying = this.#tryingVolume ?? this.#trying;
    const during = trying?.stage === 'backend' ? trying.backend : this.report?.backend;
    this.#tryingVolume = undefined;
    if (during === 'webgpu') this.#skip = { ...this.#skip, webgpu: 'The inference worker crashed while it ran there.' };
    const resolveStart = this.#resolveStart;
    if (this.#crashes >= MOST_CRASHES) {
      const error = workerCrashed(cause, 'Reload the page.');
      this.dispose(error);
      return;
    }
    this.#settleAll(workerCrashed(cause, 'Try again: it has been restarted.'));
    this.#started = this.#spawn();
    // Whoever waits for the dead worker's start now waits for that of its successor.
    void this.#started.then(resolveStart);
    this.volume.respawned();
  }

  #settle(id: number, answer: Result<Answer>): void {
    const resolve = this.#pending.get(id);
    this.#pending.delete(id);
    resolve?.(answer);
  }

  #settleAll(error: AppError): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, err(error));
  }
}

const workerCrashed = (cause: string, remedy: string): AppError =>
  appError('worker-crashed', 'The inference worker stopped unexpectedly.', { remedy, cause });
