import type { Result } from '#core/result.ts';
import type { PromptableModel } from './model.ts';

export interface NodeModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Threads of ONNX Runtime; default: its own choice. */
  readonly threads?: number | undefined;
}

/**
 * Loads a model folder (manifest.json and what it names) on onnxruntime-node.
 *
 * @returns `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch` or `model-load-failed`
 */
export declare function loadNodeModel(
  modelDirectory: string,
  options?: NodeModelOptions,
): Promise<Result<PromptableModel>>;
