import type { BackendName } from './backends/backend.ts';

/** What one browser has learned of its backends; about software and hardware only, never about an image. */
export interface SelfCheckRecord {
  /** Keys of golden checks that were passed. */
  passed(): readonly string[];
  addPassed(key: string): void;
  /** The backend whose try was under way when the page ended without saying goodbye. */
  endedDuring(): BackendName | undefined;
  setTrying(backend: BackendName | undefined): void;
}

interface Stored {
  readonly userAgent: string;
  readonly passed: readonly string[];
  readonly trying?: { readonly backend: BackendName; readonly at: number } | undefined;
}

const KEY = 'voxprompt.inference.selfChecks';
const MOST = 16;
/** A backend that once ended the browser is tried again the day after: drivers and browsers get updated. */
const FORGET_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Keeps the record in Web Storage, on behalf of the worker, which has none. A new browser version starts with an empty one.
 * Storage that is full or forbidden costs the golden run again, nothing else.
 */
export function storedSelfCheckRecord(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  userAgent: string,
): SelfCheckRecord {
  const read = (): Stored => {
    try {
      const stored = JSON.parse(storage.getItem(KEY) ?? 'null') as Partial<Stored> | null;
      const passed = stored?.userAgent === userAgent && Array.isArray(stored.passed) ? stored.passed : [];
      return { userAgent, passed, trying: stored?.userAgent === userAgent ? stored.trying : undefined };
    } catch {
      return { userAgent, passed: [] };
    }
  };
  const write = (change: Partial<Stored>): void => {
    try {
      storage.setItem(KEY, JSON.stringify({ ...read(), ...change }));
    } catch {
      // Full or forbidden: see above.
    }
  };
  return {
    passed: () => read().passed,
    addPassed: (key) => write({ passed: [...read().passed.filter((other) => other !== key), key].slice(-MOST) }),
    endedDuring: () => {
      const { trying } = read();
      return trying !== undefined && Date.now() - trying.at < FORGET_MILLISECONDS ? trying.backend : undefined;
    },
    setTrying: (backend) => write({ trying: backend === undefined ? undefined : { backend, at: Date.now() } }),
  };
}
