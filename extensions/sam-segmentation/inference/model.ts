import type { Result } from '#core/result.ts';
import type { ModelManifest } from './manifest.ts';

/** Images that are sent to an inference server in one request at most. */
export const TOGETHER_ELSEWHERE = 8;

/**
 * What runs first when more is asked than the machine can do: the prompt under the reader's hand, then the slice in
 * view, then propagation, then slices that may be looked at next.
 */
export type InferencePriority = 'prompt' | 'visible' | 'propagation' | 'prefetch';

/** Label of a prompt point, as in Segment Anything: 0 background, 1 foreground, 2 first and 3 second box corner. */
export type PromptLabel = 0 | 1 | 2 | 3;

export interface PromptPoint {
  /** Pixels of the encoder frame; pixel centres at integers, x to the right. */
  readonly x: number;
  readonly y: number;
  readonly label: PromptLabel;
}

export interface DecoderPrompt {
  readonly points: readonly PromptPoint[];
  /** Logits of an earlier decode, row-major, as large as the model's output. */
  readonly maskInput?: Float32Array;
}

export interface DecodedMask {
  /** Row-major logits, `width * height` of them, over the whole encoder frame. Not thresholded. */
  readonly logits: Float32Array;
  readonly width: number;
  readonly height: number;
  /** The model's own estimate of the overlap with the truth, about 0 to 1. */
  readonly score: number;
}

/**
 * Handle of an encoded image. The tensor stays where the model runs (in memory only, since it derives from patient
 * pixels) and may be evicted: {@link PromptableModel.decode} then fails with `embedding-evicted`, and the caller encodes again.
 */
export interface Embedding {
  readonly kind: 'embedding';
  readonly id: number;
}

export interface InferenceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly priority?: InferencePriority | undefined;
}

/**
 * A promptable segmentation model, wherever it runs: encode an image once, decode it once per prompt.
 *
 * Failures: `cancelled`, `inference-failed`, `embedding-evicted`, `bad-model-input`, `model-disposed`, `worker-crashed`.
 */
export interface PromptableModel {
  readonly manifest: ModelManifest;
  /** How many encodes are worth asking for together at present: several where a server takes them in one request. Default 1. */
  readonly encodesTogether?: () => number;
  /**
   * @param image planar [channels, height, width] of the manifest's input size, in the manifest's intensity range.
   *   The array is not changed, but may be handed over: do not write to it before the promise settles.
   *   Default priority `visible`.
   */
  encode(image: Float32Array, options?: InferenceOptions): Promise<Result<Embedding>>;
  /** Default priority `prompt`. */
  decode(embedding: Embedding, prompt: DecoderPrompt, options?: InferenceOptions): Promise<Result<DecodedMask>>;
  /** Gives the memory of one embedding back. Unknown handles are ignored. */
  release(embedding: Embedding): void;
  dispose(): Promise<void>;
}
