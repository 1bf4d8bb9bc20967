import type { TabLocks } from './tabLocks.ts';

const KEY = 'voxprompt.session';
const lockOf = (session: string): string => `voxprompt-session-${session}`;

/** One tab from its opening to its closing: reloads and crashes stay within, a duplicate of the tab is another one. */
export interface TabSession {
  readonly id: string;
  /** Whether some tab of this browser is in a session now. */
  isAlive(id: string): Promise<boolean>;
}

export function tabSession(storage: Pick<Storage, 'getItem' | 'setItem'>, locks: TabLocks): TabSession {
  let id = storage.getItem(KEY) ?? crypto.randomUUID();
  storage.setItem(KEY, id);
  const become = async (): Promise<void> => {
    // Held until the page goes; the one before a reload may be about to let go.
    for (const wait of [0, 500]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      if ((await locks.take(lockOf(id))) !== undefined) return;
    }
    // A duplicated tab brings the session of the other one.
    id = crypto.randomUUID();
    storage.setItem(KEY, id);
    await locks.take(lockOf(id));
  };
  void become();
  return {
    get id() {
      return id;
    },
    isAlive: async (other) => (await locks.held()).has(lockOf(other)),
  };
}

/** Tells the other tabs that what is kept has changed. */
export interface TabSignals {
  tell(): void;
  listen(listener: () => void): () => void;
}

export function tabSignals(): TabSignals {
  const channel = new BroadcastChannel('voxprompt-kept');
  return {
    tell: () => channel.postMessage('changed'),
    listen(listener) {
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
  };
}
