import { type ChildProcess, spawn } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM } from '../../e2e/support/chromium.ts';

export interface KillableChromium {
  readonly browser: Browser;
  /** SIGKILL to the browser process: nothing is flushed, nobody is asked. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** A Chromium of our own, with its profile in a folder, so that the next one finds what this one left. */
export async function killableChromium(profile: string): Promise<KillableChromium> {
  const child = spawn(
    CHROMIUM,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-sync',
      '--disable-background-networking',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const address = await debuggingAddress(child);
  const browser = await chromium.connectOverCDP(address);
  return {
    browser,
    async kill() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // The browser process itself, then whatever of its group has outlived it.
      child.kill('SIGKILL');
      await ended;
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // None has.
      }
      await browser.close().catch(() => undefined);
    },
  };
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${said.slice(-500)}`)));
  });
}
