import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { fetchText, modelFilesAt } from '../inference/fetchModelFile.ts';
import type { ReadModelFile } from '../inference/modelFiles.ts';
import { ADDED_MODELS_CACHE, addedFileUrl, addedModelId } from './addresses.ts';

/** The inference worker's end: a model that the reader added is read from this browser's disk, never from any network. */
export async function readManifestText(url: string): Promise<Result<string>> {
  if (addedModelId(url) === undefined) return fetchText(url, 'manifest.json');
  const kept = await match(url);
  return kept === undefined ? err(gone('manifest.json')) : ok(await kept.text());
}

/** The files below a manifest's address, wherever that is. */
export function readFilesAt(manifestUrl: string): ReadModelFile {
  const id = addedModelId(manifestUrl);
  if (id === undefined) return modelFilesAt(manifestUrl);
  return async (entry, { onProgress } = {}) => {
    const kept = await match(addedFileUrl(id, entry.path, manifestUrl));
    if (kept === undefined) return err(gone(entry.path));
    const bytes = new Uint8Array(await kept.arrayBuffer());
    onProgress?.({ loaded: bytes.byteLength, total: entry.bytes });
    return ok(bytes);
  };
}

async function match(url: string): Promise<Response | undefined> {
  const storage = globalThis.caches as CacheStorage | undefined;
  const cache = await storage?.open(ADDED_MODELS_CACHE).catch(() => undefined);
  return cache?.match(url);
}

const gone = (file: string): AppError =>
  appError('model-file-unreadable', `${file} of the added model is not in this browser any more.`, {
    remedy: 'Choose another model, or delete this one under Models and add it again.',
    context: { file },
  });
