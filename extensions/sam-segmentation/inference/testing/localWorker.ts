import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import { regionOf } from '../../volume/region.ts';
import { NO_PROMPT } from '../../volume/regionPrompt.ts';
import { startWorkerModel, type WorkerModel } from '../client.ts';
import type { WorkerPort } from '../connection.ts';
import { InferenceHost } from '../host.ts';
import type { DecoderPrompt, Embedding } from '../model.ts';
import type { RequestMessage } from '../protocol.ts';
import type { BackendReport } from '../selectBackend.ts';
import type { SelfCheckRecord } from '../selfCheckRecord.ts';
import { readTinyFile, type TinyBackendOptions, tinyBackend, tinyManifestText } from '../tinyModel.node.ts';
import { tinyVolumeManifest, tinyVolumeManifestText } from '../tinyVolume.node.ts';

export const image = Float32Array.from({ length: 16 }, (_, index) => index);
export const prompt: DecoderPrompt = { points: [{ x: 3, y: 0, label: 1 }] };

/** A backend's device, and the way to lose it. */
export function losable(): { readonly lost: Promise<string>; readonly lose: (reason: string) => void } {
  let lose = (_reason: string): void => undefined;
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  return { lost, lose: (reason) => lose(reason) };
}

/** WebGPU whose device is lost in the first run after `arm`: that run never ends. */
export function dyingGpu(): { readonly webgpu: LocalBackend; arm(): void } {
  const { lost, lose } = losable();
  let armed = false;
  const onRun = (): Promise<void> | void => {
    if (!armed) return;
    lose('driver reset');
    return new Promise(() => undefined);
  };
  return {
    webgpu: { name: 'webgpu', lost, onRun },
    arm: () => {
      armed = true;
    },
  };
}

export type LocalBackend = TinyBackendOptions & { readonly name: 'webgpu' | 'wasm'; readonly onOpen?: () => void };

export const region = regionOf(
  { k: 0, box: { x0: 0, y0: 0, x1: 9, y1: 9 } },
  { positions: [0], columnSpacing: 1, rowSpacing: 1 },
  tinyVolumeManifest.region,
);
export const cells = region.depth * region.size ** 2;
export const volumeInput = {
  image: new Float32Array(cells).fill(0.75),
  inside: new Float32Array(cells).fill(1),
  region,
  prompt: NO_PROMPT,
};

/** A worker that lives in this thread; messages are cloned and arrive later, as with a real one. */
export class LocalWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  readonly received: RequestMessage[] = [];
  #host: InferenceHost | undefined;

  constructor(backends: readonly LocalBackend[], remote?: TinyBackendOptions) {
    this.#host = new InferenceHost({
      post: (message) => {
        const data = structuredClone(message);
        queueMicrotask(() => this.#host && this.onmessage?.({ data } as MessageEvent));
      },
      backends: backends.map((options) => ({
        name: options.name,
        async open() {
          options.onOpen?.();
          return tinyBackend(options);
        },
      })),
      openRemote: async () =>
        remote === undefined
          ? err(appError('backend-unavailable', 'there is no server'))
          : tinyBackend({ ...remote, name: 'remote', elsewhere: 'gpu.test' }),
      readText: async (url) => ok(url.includes('tiny-volume') ? tinyVolumeManifestText : tinyManifestText),
      filesAt: () => readTinyFile,
    });
  }

  postMessage(message: RequestMessage): void {
    this.received.push(message);
    const data = structuredClone(message);
    queueMicrotask(() => this.#host?.receive(data));
  }

  terminate(): void {
    this.#host = undefined;
  }

  crash(): void {
    this.onerror?.({ message: 'memory access out of bounds' } as ErrorEvent);
  }
}

export function memoryRecord(ended?: 'webgpu'): SelfCheckRecord & { trying: string | undefined } {
  const passed: string[] = [];
  return {
    trying: undefined,
    passed: () => passed,
    addPassed: (key) => void passed.push(key),
    endedDuring: () => ended,
    setTrying(backend) {
      this.trying = backend;
    },
  };
}

export async function start(backends: readonly LocalBackend[], record = memoryRecord(), remote?: TinyBackendOptions) {
  const workers: LocalWorker[] = [];
  const changes: BackendReport[] = [];
  const started = await startWorkerModel({
    manifestUrl: 'http://localhost/models/tiny/manifest.json',
    record,
    ...(remote === undefined ? {} : { remote: { url: 'http://localhost', label: 'gpu.test' } }),
    createWorker: () => {
      const worker = new LocalWorker(backends, remote);
      workers.push(worker);
      return worker;
    },
    onBackendChange: (report) => void changes.push(report),
  });
  if (!started.ok) throw new Error(started.error.message);
  return { model: started.value, workers, changes, record };
}

export async function encoded(model: WorkerModel): Promise<Embedding> {
  const embedding = await model.encode(image);
  if (!embedding.ok) throw new Error(embedding.error.message);
  return embedding.value;
}
