import type { AppError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { FileEntry, ModelManifest } from '../inference/manifest.ts';
import { type ReadOptions, verifyFile } from '../inference/modelFiles.ts';
import { checkGraph } from './checkGraph.ts';
import { modelTooLarge, otherHash, otherSize, storageFull, weightsNotNamed } from './failures.ts';
import type { ModelFolder } from './modelFolder.ts';
import type { ModelStore } from './modelStore.ts';
import { readOnnxGraph } from './onnxGraph.ts';
import { bytesOf, filesOf } from './sizes.ts';

/** What 32-bit WebAssembly can address at all. */
const LARGEST_MODEL = 2 ** 32;

/**
 * Fetches every file of a model, checks it (length, SHA-256, for graphs their tensors too) and keeps it, one after another. The
 * caller clears away what is there after a failure. Progress counts the bytes of all files.
 *
 * Errors: `model-too-large`, `storage-full`, `storage-failed`, `model-file-unreadable`, `model-size-mismatch`,
 * `model-hash-mismatch`, `not-onnx`, `model-signature-mismatch`, `cancelled`.
 */
export async function storeModel(
  manifest: ModelManifest,
  folder: ModelFolder,
  store: Pick<ModelStore, 'putFile' | 'room'>,
  { signal, onProgress }: ReadOptions,
): Promise<Result<void>> {
  const total = bytesOf(manifest);
  if (total > LARGEST_MODEL) return err(modelTooLarge(total, LARGEST_MODEL));
  const room = await store.room();
  if (room !== undefined && room < total) return err(storageFull(total, room));
  let before = 0;
  for (const entry of filesOf(manifest)) {
    const start = before;
    const read = await folder.read(entry, {
      signal,
      onProgress: ({ loaded }) => onProgress?.({ loaded: start + loaded, total }),
    });
    if (!read.ok) return read;
    const problem = await problemOf(manifest, entry, read.value);
    if (problem !== undefined) return err(problem);
    const kept = await store.putFile(manifest.id, entry.path, read.value);
    if (!kept.ok) return kept;
    before += entry.bytes;
  }
  onProgress?.({ loaded: total, total });
  return ok(undefined);
}

async function problemOf(
  manifest: ModelManifest,
  entry: FileEntry,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<AppError | undefined> {
  if (bytes.byteLength !== entry.bytes) return otherSize(entry, bytes.byteLength);
  const mismatch = await verifyFile(entry, bytes);
  if (mismatch !== undefined) return otherHash(mismatch);
  for (const { role, graph: file, weights } of manifest.files) {
    if (file.path !== entry.path) continue;
    const graph = readOnnxGraph(bytes, entry.path);
    if (!graph.ok) return graph.error;
    const elsewhere = graph.value.weightFiles.find((location) => location !== weights?.location);
    if (elsewhere !== undefined) return weightsNotNamed(entry.path, elsewhere);
    const problem = checkGraph(manifest, role, graph.value, entry.path);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
