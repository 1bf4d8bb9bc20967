import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { cancelled } from './failures.ts';
import type { FileEntry } from './manifest.ts';
import { type ReadModelFile, type ReadOptions, verifyFile } from './modelFiles.ts';

/** Weights only, by content hash: no patient data ever gets here. */
const CACHE = 'voxprompt-models';

/**
 * Reads model files below a URL, with byte progress, through Cache Storage under their sha256. Whatever the cache holds is
 * verified like a download, and fetched anew when it is damaged.
 *
 * Errors: `model-file-unreadable`, `model-hash-mismatch`, `cancelled`.
 */
export function modelFilesAt(manifestUrl: string): ReadModelFile {
  return async (entry, options = {}) => {
    const cache = await openCache();
    // A Cache Storage key must look like a URL; nothing is ever requested from this one.
    const key = new URL(`/model-cache/${entry.sha256}`, manifestUrl).href;
    const kept = await cache?.match(key);
    if (kept !== undefined) {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      if ((await verifyFile(entry, bytes)) === undefined) {
        options.onProgress?.({ loaded: entry.bytes, total: entry.bytes });
        return ok(bytes);
      }
      await cache?.delete(key);
    }
    const bytes = await downloadModelFile(new URL(entry.path, manifestUrl), entry, options);
    if (!bytes.ok) return bytes;
    const mismatch = await verifyFile(entry, bytes.value);
    if (mismatch !== undefined) return err(mismatch);
    // A full disk or a private window may refuse; the model then loads again next time.
    await cache?.put(key, new Response(bytes.value)).catch(() => undefined);
    return bytes;
  };
}

/** Reads a text file, for the manifest itself. */
export async function fetchText(url: string, name: string, signal?: AbortSignal): Promise<Result<string>> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    return response.ok ? ok(await response.text()) : err(unreadable(name, `HTTP ${response.status}`));
  } catch (cause) {
    return err(signal?.aborted ? cancelled() : unreadable(name, cause));
  }
}

async function openCache(): Promise<Cache | undefined> {
  // Absent in insecure contexts; refused in some private windows.
  const storage = globalThis.caches as CacheStorage | undefined;
  return storage?.open(CACHE).catch(() => undefined);
}

/** Fetches one file, which must be as long as its entry says; whether it is the right one is for {@link verifyFile} to say. */
export async function downloadModelFile(
  url: URL,
  entry: FileEntry,
  { signal, onProgress }: ReadOptions,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) return err(unreadable(entry.path, `HTTP ${response.status}`));
    const bytes = new Uint8Array(entry.bytes);
    let loaded = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (loaded + part.value.byteLength > bytes.byteLength) {
        await reader.cancel();
        return err(unreadable(entry.path, `longer than the ${entry.bytes} bytes that the manifest names`));
      }
      bytes.set(part.value, loaded);
      loaded += part.value.byteLength;
      onProgress?.({ loaded, total: entry.bytes });
    }
    if (loaded < entry.bytes) {
      return err(
        unreadable(entry.path, `it ended after ${loaded} of the ${entry.bytes} bytes that the manifest names`),
      );
    }
    return ok(bytes);
  } catch (cause) {
    return err(signal?.aborted ? cancelled() : unreadable(entry.path, cause));
  }
}

const unreadable = (file: string, cause: unknown): AppError =>
  appError('model-file-unreadable', `${file} could not be loaded.`, {
    remedy: 'Check the connection to the server and try again.',
    cause,
    context: { file },
  });
