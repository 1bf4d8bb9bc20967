import { loadBrowserModel } from '../../../extensions/sam-segmentation/inference/browserModel.ts';
import type { WorkerModel } from '../../../extensions/sam-segmentation/inference/client.ts';
import type { DecoderPrompt } from '../../../extensions/sam-segmentation/inference/model.ts';

/** What the test drives: the real client and the real worker, and nothing of the viewer. */
export interface InferencePage {
  /** Starts the model; what became of it, and the progress stages seen. */
  start(manifestUrl: string): Promise<unknown>;
  /** Encodes a grey image (one byte a pixel, 256x256) and decodes each prompt, with times in milliseconds. */
  segment(grey: readonly number[], prompts: readonly GoldenPrompt[]): Promise<Segmented>;
  /** Encodes under a signal that is aborted after some milliseconds: the error code, and how long it took. */
  encodeAborted(milliseconds: number): Promise<{ code: string | undefined; after: number }>;
  /** Runs a small graph on WebGPU and on WebAssembly in a worker of its own. */
  compareBackends(): Promise<unknown>;
  /** Decodes an embedding that was released. */
  decodeReleased(): Promise<string | undefined>;
}

export interface GoldenPrompt {
  readonly points: DecoderPrompt['points'];
  readonly maskFrom?: number;
}

export interface Segmented {
  readonly encode: readonly number[];
  readonly decode: readonly number[];
  readonly masks: readonly { readonly logits: Float32Array; readonly score: number }[];
}

declare global {
  interface Window {
    inference: InferencePage;
  }
}

let model: WorkerModel | undefined;

const started = (): WorkerModel => {
  if (model === undefined) throw new Error('not started');
  return model;
};

window.inference = {
  async start(manifestUrl) {
    await model?.dispose();
    const stages: string[] = [];
    let bytes = 0;
    const result = await loadBrowserModel(manifestUrl, {
      onProgress: (progress) => {
        if (progress.stage === 'download') bytes = progress.loaded;
        const stage = progress.stage === 'download' ? 'download' : progress.backend;
        if (stages.at(-1) !== stage) stages.push(stage);
      },
    });
    model = result.ok ? result.value : undefined;
    const isolated = crossOriginIsolated;
    return result.ok ? { report: result.value.report, stages, bytes, isolated } : { error: result.error, stages };
  },

  async segment(grey, prompts) {
    const image = Float32Array.from({ length: 3 * grey.length }, (_, index) => grey[index % grey.length]! / 255);
    const encode: number[] = [];
    const decode: number[] = [];
    const timed = async <T>(times: number[], work: () => Promise<T>): Promise<T> => {
      const begin = performance.now();
      const value = await work();
      times.push(Math.round(performance.now() - begin));
      return value;
    };
    const embedding = await timed(encode, () => started().encode(image));
    if (!embedding.ok) throw new Error(embedding.error.message);
    const masks: { logits: Float32Array; score: number }[] = [];
    for (const { points, maskFrom } of prompts) {
      const maskInput = maskFrom === undefined ? undefined : masks[maskFrom]?.logits;
      const prompt = { points, ...(maskInput === undefined ? {} : { maskInput }) };
      const mask = await timed(decode, () => started().decode(embedding.value, prompt));
      if (!mask.ok) throw new Error(mask.error.message);
      masks.push(mask.value);
    }
    started().release(embedding.value);
    return { encode, decode, masks };
  },

  async encodeAborted(milliseconds) {
    const controller = new AbortController();
    const begin = performance.now();
    setTimeout(() => controller.abort(), milliseconds);
    const image = new Float32Array(3 * 256 * 256);
    const result = await started().encode(image, { signal: controller.signal });
    return { code: result.ok ? undefined : result.error.code, after: performance.now() - begin };
  },

  compareBackends() {
    const worker = new Worker(new URL('./webgpuWorker.ts', import.meta.url), { type: 'module' });
    return new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => resolve({ thrown: message });
      worker.postMessage('compare');
    });
  },

  async decodeReleased() {
    const embedding = await started().encode(new Float32Array(3 * 256 * 256));
    if (!embedding.ok) return embedding.error.code;
    started().release(embedding.value);
    const mask = await started().decode(embedding.value, { points: [{ x: 1, y: 1, label: 1 }] });
    return mask.ok ? undefined : mask.error.code;
  },
};
