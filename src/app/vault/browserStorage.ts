import { createVault } from './createVault.ts';
import { browserLocks, type TabLocks } from './tabLocks.ts';
import { type TabSession, type TabSignals, tabSession, tabSignals } from './tabSession.ts';
import type { Vault } from './vault.ts';

/** What this browser gives for keeping work. */
export interface BrowserStorage {
  readonly vault: Vault;
  readonly locks: TabLocks;
  readonly session: TabSession;
  readonly signals: TabSignals;
}

/** Undefined where the page is not in a secure context: no encryption, no locks between tabs, so nothing is kept. */
export function browserStorage(): BrowserStorage | undefined {
  if (!window.isSecureContext || !('locks' in navigator) || !('indexedDB' in window)) return undefined;
  const locks = browserLocks(navigator.locks);
  return { vault: createVault(), locks, session: tabSession(sessionStorage, locks), signals: tabSignals() };
}
