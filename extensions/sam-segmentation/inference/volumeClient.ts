import type { AppError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import { cancelled, modelDisposed } from './failures.ts';
import type { RequestMessage, StartProgress, VolumeStartResponse } from './protocol.ts';
import type { BackendReport } from './selectBackend.ts';
import type { VolumeManifest } from './volumeManifest.ts';
import type { VolumeModel } from './volumeModel.ts';

/** A volume model in the worker, and what the user interface says about where it runs. */
export interface WorkerVolumeModel extends VolumeModel {
  readonly report: BackendReport;
}

export interface VolumeListener {
  readonly onProgress?: ((progress: StartProgress) => void) | undefined;
  /** Told when the worker was restarted or the device was lost and another backend took over. */
  readonly onBackendChange?: ((report: BackendReport) => void) | undefined;
}

type Start = Result<Extract<VolumeStartResponse, { type: 'volume-ready' }>>;
type RunMessage = Omit<Extract<RequestMessage, { type: 'volume' }>, 'id'>;

/** What of the connection to the worker the volume model needs. */
interface Wire {
  /** Sends the message that starts the volume model; the connection adds what it knows of the browser. */
  start(manifestUrl: string): void;
  run(message: RunMessage, signal: AbortSignal | undefined): Promise<Result<VolumeAnswer>>;
  passed(key: string): void;
}

/** The page's end of the volume model: started once, started again in a worker that took the place of a dead one. */
export class VolumeEnd {
  readonly #wire: Wire;
  #manifestUrl: string | undefined;
  #listener: VolumeListener = {};
  #started: Promise<Start> = Promise.resolve(err(modelDisposed()));
  #resolveStart: (start: Start) => void = () => undefined;
  #report: BackendReport | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Errors: `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch`, `no-backend`, `worker-crashed`. */
  async load(manifestUrl: string, listener: VolumeListener): Promise<Result<WorkerVolumeModel>> {
    this.#manifestUrl = manifestUrl;
    this.#listener = listener;
    this.respawned();
    const started = await this.#started;
    if (!started.ok) {
      this.#manifestUrl = undefined;
      return started;
    }
    return ok(this.#model(started.value.manifest, started.value.report));
  }

  /** A new worker is there: it has to load the model again. */
  respawned(): void {
    if (this.#manifestUrl === undefined) return;
    const resolveOld = this.#resolveStart;
    this.#started = new Promise((resolve) => {
      this.#resolveStart = resolve;
    });
    // Whoever waits for the dead worker's start now waits for that of its successor.
    void this.#started.then(resolveOld);
    this.#wire.start(this.#manifestUrl);
  }

  close(error: AppError): void {
    this.#resolveStart(err(error));
  }

  receive(message: VolumeStartResponse): void {
    switch (message.type) {
      case 'volume-progress':
        this.#listener.onProgress?.(message.progress);
        return;
      case 'volume-ready':
      case 'volume-backend-changed': {
        this.#wire.passed(message.report.selfCheckKey);
        const restarted = this.#report !== undefined;
        this.#report = message.report;
        if (message.type === 'volume-ready') this.#resolveStart(ok(message));
        if (restarted) this.#listener.onBackendChange?.(message.report);
        return;
      }
      case 'volume-start-failed':
        this.#resolveStart(err(message.error));
    }
  }

  #model(manifest: VolumeManifest, report: BackendReport): WorkerVolumeModel {
    const current = (): BackendReport => this.#report ?? report;
    return {
      manifest,
      get report() {
        return current();
      },
      run: async (input, { signal, priority = 'propagation' } = {}) => {
        if (signal?.aborted) return err(cancelled());
        const started = await this.#started;
        if (!started.ok) return started;
        return this.#wire.run({ type: 'volume', priority, input }, signal);
      },
      // The worker belongs to the promptable model, and goes with it.
      dispose: async () => undefined,
    };
  }
}
