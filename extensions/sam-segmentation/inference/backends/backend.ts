import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { ModelRole } from '../manifest.ts';

/** A float32 tensor on the CPU, row-major. */
export interface TensorValue {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a graph may be fed: an int64 tensor too, which some exports want for labels and sizes. */
export type InputTensor = TensorValue | { readonly data: BigInt64Array; readonly dims: readonly number[] };

/** An ONNX graph and, where it names external data, the float32 bytes it names. */
export interface GraphSource {
  readonly graph: Uint8Array;
  readonly weights?: { readonly location: string; readonly data: Uint8Array };
}

export interface GraphSession {
  /** Throws what the runtime throws; the caller turns it into an AppError. Only a run elsewhere can be given up by its signal. */
  run(
    feeds: Readonly<Record<string, InputTensor>>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Readonly<Record<string, TensorValue>>>;
  dispose(): Promise<void>;
}

export type BackendName = 'remote' | 'webgpu' | 'wasm' | 'node';

/** One way to run ONNX graphs, opened and ready. The only thing that the rest knows of ONNX Runtime. */
export interface InferenceBackend {
  readonly name: BackendName;
  readonly threads: number;
  /** Runtime version and device, e.g. `onnxruntime-web 1.30.0`: part of what makes an earlier self-check still hold. */
  readonly fingerprint: string;
  /** What to tell beside the name: the GPU, or why there is one thread only. */
  readonly note?: string;
  /** Whom the pixels are sent to, where it does not run on this machine. The graphs are there already: no file is needed here. */
  readonly elsewhere?: string;
  createSession(source: GraphSource, role: ModelRole | 'volume'): Promise<GraphSession>;
  /** Resolves with the reason when the device is gone; sessions are then useless. Absent where that cannot happen. */
  readonly lost?: Promise<string>;
}

/**
 * Opens a backend. Errors: `backend-unavailable` (this browser or machine has none), `backend-refused` (there is one, and
 * it must not be used). The error's message is the reason shown to the reader.
 */
export type OpenBackend = () => Promise<Result<InferenceBackend, AppError>>;
