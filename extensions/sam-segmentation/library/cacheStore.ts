import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { parseManifest } from '../inference/manifest.ts';
import { ADDED_MODELS_CACHE, addedFileUrl, addedManifestUrl, addedModelId, addedRecordUrl } from './addresses.ts';
import { libraryBusy, storageFailed, storageFull } from './failures.ts';
import { MANIFEST } from './modelFolder.ts';
import { type ModelStore, recordSchema, type StoredModel } from './modelStore.ts';

/** What a browser gives for keeping models. */
export interface StoreSetup {
  readonly caches: Pick<CacheStorage, 'open'>;
  readonly locks: Pick<LockManager, 'request'>;
  readonly estimate: () => Promise<StorageEstimate>;
  /** Asks the browser not to clear this page's storage away when the disk fills up. */
  readonly persist?: () => Promise<boolean>;
  readonly origin: string;
}

const LOCK = 'voxprompt-model-library';

/** Models in Cache Storage: large files by address, of which the inference worker reads them itself. */
export function cacheStore({ caches, locks, estimate, persist, origin }: StoreSetup): ModelStore {
  const open = (): Promise<Cache> => caches.open(ADDED_MODELS_CACHE);

  async function put(url: string, body: BodyInit, bytes: number): Promise<Result<void>> {
    try {
      await (await open()).put(url, new Response(body));
      return ok(undefined);
    } catch (thrown) {
      const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
      return err(full ? storageFull(bytes, await room()) : storageFailed(thrown));
    }
  }

  async function room(): Promise<number | undefined> {
    const { quota, usage } = await estimate().catch((): StorageEstimate => ({}));
    return quota === undefined ? undefined : Math.max(0, quota - (usage ?? 0));
  }

  async function remove(id: string): Promise<void> {
    const cache = await open();
    // The record first: a model that is half gone is no model any more.
    await cache.delete(addedRecordUrl(id, origin));
    for (const { url } of await cache.keys()) if (addedModelId(url) === id) await cache.delete(url);
  }

  async function read(id: string): Promise<StoredModel | undefined> {
    const cache = await open();
    const [manifest, record] = await Promise.all(
      [addedManifestUrl(id, origin), addedRecordUrl(id, origin)].map(async (url) => (await cache.match(url))?.text()),
    );
    if (manifest === undefined || record === undefined) return undefined;
    const parsed = parseManifest(manifest, `${id}/${MANIFEST}`);
    const about = recordSchema.safeParse(json(record));
    return parsed.ok && about.success ? { manifest: parsed.value, record: about.data } : undefined;
  }

  const alone: ModelStore['alone'] = (work) =>
    locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock === null ? err(libraryBusy()) : work()));

  return {
    async list() {
      const ids = new Set((await (await open()).keys()).flatMap(({ url }) => addedModelId(url) ?? []));
      const found = await Promise.all([...ids].map(async (id) => [id, await read(id)] as const));
      const broken = found.filter(([, model]) => model === undefined);
      if (broken.length > 0) {
        // Unless another window is adding it just now.
        await alone(async () => {
          for (const [id] of broken) if ((await read(id)) === undefined) await remove(id);
          return ok(undefined);
        });
      }
      return found.flatMap(([, model]) => model ?? []);
    },
    room,
    putFile: (id, path, bytes) => put(addedFileUrl(id, path, origin), bytes, bytes.byteLength),
    putManifest: (id, text) => put(addedManifestUrl(id, origin), text, text.length),
    putRecord(id, record) {
      // A wish: where it is not granted the model may have to be added again one day, and says so.
      void persist?.().catch(() => undefined);
      return put(addedRecordUrl(id, origin), JSON.stringify(record), 1000);
    },
    remove,
    manifestUrl: (id) => addedManifestUrl(id, origin),
    alone,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined where this page may keep nothing: no secure context (plain http to another machine), or storage is forbidden. */
export function browserModelStore(): ModelStore | undefined {
  if (!window.isSecureContext || !('caches' in window) || !('locks' in navigator)) return undefined;
  return cacheStore({
    caches: window.caches,
    locks: navigator.locks,
    estimate: () => navigator.storage.estimate(),
    persist: () => navigator.storage.persist(),
    origin: location.origin,
  });
}

export const nothingKept = () =>
  appError('storage-failed', 'This page can keep no models: it was not opened over https or on this computer itself.', {
    remedy: 'Have the viewer served over https, or have the model put into its models folder.',
  });
