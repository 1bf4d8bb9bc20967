import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openNodeBackend } from './backends/node.ts';
import { parseManifest } from './manifest.ts';
import type { PromptableModel } from './model.ts';
import { type ReadModelFile, readGraphs } from './modelFiles.ts';
import { runtimeModel } from './runtimeModel.ts';
import { createSamRuntime } from './samRuntime.ts';

/** 256 MiB: 64 embeddings of LiteMedSAM. */
const EMBEDDING_BYTES = 2 ** 28;

export interface NodeModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Threads of ONNX Runtime; default 0, its own choice. */
  readonly threads?: number | undefined;
}

/**
 * Loads a model folder (manifest.json and what it names) on onnxruntime-node.
 *
 * @returns `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch` or `model-load-failed`
 */
export async function loadNodeModel(
  modelDirectory: string,
  options: NodeModelOptions = {},
): Promise<Result<PromptableModel>> {
  const origin = `${basename(modelDirectory)}/manifest.json`;
  const text = await readBytes(join(modelDirectory, 'manifest.json'), origin, options.signal);
  if (!text.ok) return text;
  const manifest = parseManifest(new TextDecoder().decode(text.value), origin);
  if (!manifest.ok) return manifest;
  const graphs = await readGraphs(manifest.value, modelFolder(modelDirectory), { signal: options.signal });
  if (!graphs.ok) return graphs;
  const runtime = await createSamRuntime(manifest.value, graphs.value, openNodeBackend(options.threads));
  return runtime.ok ? ok(runtimeModel(runtime.value, EMBEDDING_BYTES)) : runtime;
}

/** Reads a model's files from a directory. */
export function modelFolder(directory: string): ReadModelFile {
  return (entry, options) => readBytes(join(directory, entry.path), entry.path, options?.signal);
}

/** Reads one file; error `model-file-unreadable`, which calls it by `name`. */
export async function readBytes(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return ok(await readFile(path, signal === undefined ? {} : { signal }));
  } catch (cause) {
    return err(
      appError('model-file-unreadable', `${name} could not be read.`, {
        remedy: 'Name a model folder that holds a manifest.json and the files it lists.',
        cause: (cause as NodeJS.ErrnoException).code ?? cause,
        context: { file: name },
      }),
    );
  }
}
