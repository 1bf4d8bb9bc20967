import type { StoreSetup } from '../../../extensions/sam-segmentation/library/cacheStore.ts';

/** Cache Storage and locks of a browser, as far as models use them; `quota` bytes fit. */
export function fakeBrowserStorage(quota = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, Blob>();
  const usage = (): number => [...kept.values()].reduce((sum, { size }) => sum + size, 0);
  const cache = {
    async put(url: string, response: Response) {
      const body = await response.blob();
      if (usage() + body.size > quota) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      kept.set(url, body);
    },
    match: async (url: string) => (kept.has(url) ? new Response(kept.get(url)) : undefined),
    delete: async (url: string) => kept.delete(url),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
  };
  const held = new Set<string>();
  const setup: StoreSetup = {
    caches: { open: async () => cache as unknown as Cache },
    locks: {
      request: async (name: string, _: LockOptions, work: (lock: Lock | null) => Promise<unknown>) => {
        if (held.has(name)) return work(null);
        held.add(name);
        return work({ name, mode: 'exclusive' }).finally(() => held.delete(name));
      },
    } as unknown as LockManager,
    estimate: async () => (quota === Number.POSITIVE_INFINITY ? {} : { quota, usage: usage() }),
    origin: 'https://viewer.example',
  };
  return { setup, kept, held };
}
