import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startChromium } from './chromium.ts';
import { startViewer, type ViewerServer } from './viewerServer.ts';

export interface Served<T> {
  readonly browser: Browser;
  readonly server: ViewerServer;
  readonly made: T;
  /** Its own; `images` in it is what is served. */
  readonly folder: string;
}

/**
 * Chromium and a viewer that serves what `make` writes into a folder of its own, for the tests of one `describe`; each test
 * begins with no page open. Everything goes with the last test.
 */
export function served<T>(make: (folder: string) => Promise<T>): Served<T> {
  let now: { browser?: Browser; server?: ViewerServer; made?: T; folder?: string } = {};
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'voxprompt-e2e-'));
    now = { folder };
    now.browser = await startChromium();
    now.made = await make(join(folder, 'images'));
    now.server = await startViewer('--no-demo', join(folder, 'images'));
  });
  afterEach(async () => {
    for (const context of now.browser?.contexts() ?? []) await context.close();
  });
  afterAll(async () => {
    await now.browser?.close();
    await now.server?.stop();
    if (now.folder !== undefined) await rm(now.folder, { recursive: true, force: true });
  });
  const begun = <V>(value: V | undefined): V => {
    if (value === undefined) throw new Error('Only inside of a test');
    return value;
  };
  return {
    get browser() {
      return begun(now.browser);
    },
    get server() {
      return begun(now.server);
    },
    get made() {
      return begun(now.made);
    },
    get folder() {
      return begun(now.folder);
    },
  };
}
