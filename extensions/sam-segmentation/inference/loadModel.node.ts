import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openNodeBackend } from './backends/node.ts';
import { openRemoteBackend } from './backends/remote.ts';
import { readGolden } from './golden.ts';
import { type ModelManifest, parseManifest } from './manifest.ts';
import type { PromptableModel } from './model.ts';
import { type ModelGraphs, type ReadModelFile, readGraphs } from './modelFiles.ts';
import type { RemoteSettings } from './remote/inferenceServer.ts';
import { runtimeModel } from './runtimeModel.ts';
import { createSamRuntime } from './samRuntime.ts';
import { selfCheck } from './selfCheck.ts';

/** 256 MiB: 64 embeddings of LiteMedSAM. */
const EMBEDDING_BYTES = 2 ** 28;

export interface NodeModelOptions {
  readonly signal?: AbortSignal | undefined;
  /** Threads of ONNX Runtime; default 0, its own choice. */
  readonly threads?: number | undefined;
  /** An inference server to run the model on instead; its files are then not read. */
  readonly remote?: RemoteSettings | undefined;
}

/** A model folder's contents, verified. */
export interface NodeModelFiles {
  readonly manifest: ModelManifest;
  readonly graphs: ModelGraphs;
}

/**
 * Loads a model folder (manifest.json and what it names) on onnxruntime-node, or its manifest alone for an inference server.
 *
 * @returns `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch`, `model-load-failed` or `backend-unavailable`
 */
export async function loadNodeModel(
  modelDirectory: string,
  options: NodeModelOptions = {},
): Promise<Result<PromptableModel>> {
  if (options.remote !== undefined) {
    const manifest = await readManifest(modelDirectory, options.signal);
    return manifest.ok ? remoteModel(modelDirectory, manifest.value, options.remote) : manifest;
  }
  const files = await readNodeModel(modelDirectory, options.signal);
  if (!files.ok) return files;
  const { manifest, graphs } = files.value;
  const runtime = await createSamRuntime(manifest, graphs, openNodeBackend(options.threads));
  return runtime.ok ? ok(runtimeModel(runtime.value, EMBEDDING_BYTES)) : runtime;
}

/** Reads and verifies a model folder without running anything. Errors as in {@link loadNodeModel}. */
export async function readNodeModel(modelDirectory: string, signal?: AbortSignal): Promise<Result<NodeModelFiles>> {
  const manifest = await readManifest(modelDirectory, signal);
  if (!manifest.ok) return manifest;
  const graphs = await readGraphs(manifest.value, modelFolder(modelDirectory), { signal });
  return graphs.ok ? ok({ manifest: manifest.value, graphs: graphs.value }) : graphs;
}

async function readManifest(modelDirectory: string, signal?: AbortSignal): Promise<Result<ModelManifest>> {
  const origin = `${basename(modelDirectory)}/manifest.json`;
  const text = await readBytes(join(modelDirectory, 'manifest.json'), origin, signal);
  return text.ok ? parseManifest(new TextDecoder().decode(text.value), origin) : text;
}

/** The server must give what the folder says the model gives: nobody sees there which weights it has. */
async function remoteModel(
  modelDirectory: string,
  manifest: ModelManifest,
  settings: RemoteSettings,
): Promise<Result<PromptableModel>> {
  const golden = await readGolden(manifest, modelFolder(modelDirectory));
  if (!golden.ok) return golden;
  const backend = await openRemoteBackend(settings, manifest);
  if (!backend.ok) return backend;
  const runtime = await createSamRuntime(manifest, undefined, backend.value);
  if (!runtime.ok) return runtime;
  const checked = await selfCheck(runtime.value, golden.value);
  if (!checked.ok) return checked;
  if (!checked.value.passed) {
    const message = `${settings.label} has another model than ${manifest.name}: ${checked.value.words}.`;
    return err(appError('backend-unavailable', message, { remedy: 'Give the server this very model.' }));
  }
  return ok(runtimeModel(runtime.value, EMBEDDING_BYTES));
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
