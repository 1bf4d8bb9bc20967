import type { AppError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';

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
  /** Throws what the runtime throws; the caller turns it into an AppError. */
  run(feeds: Readonly<Record<string, InputTensor>>): Promise<Readonly<Record<string, TensorValue>>>;
  dispose(): Promise<void>;
}

export type BackendName = 'webgpu' | 'wasm' | 'node';

/** One way to run ONNX graphs, opened and ready. The only thing that the rest knows of ONNX Runtime. */
export interface InferenceBackend {
  readonly name: BackendName;
  readonly threads: number;
  /** Runtime version and device, e.g. `onnxruntime-web 1.30.0`: part of what makes an earlier self-check still hold. */
  readonly fingerprint: string;
  /** What to tell beside the name: the GPU, or why there is one thread only. */
  readonly note?: string;
  createSession(source: GraphSource): Promise<GraphSession>;
  /** Resolves with the reason when the device is gone; sessions are then useless. Absent where that cannot happen. */
  readonly lost?: Promise<string>;
}

/**
 * Opens a backend. Errors: `backend-unavailable` (this browser or machine has none), `backend-refused` (there is one, and
 * it must not be used). The error's message is the reason shown to the reader.
 */
export type OpenBackend = () => Promise<Result<InferenceBackend, AppError>>;
