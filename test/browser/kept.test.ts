import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KillableChromium, killableChromium } from './app/killableChromium.ts';
import { type ServedApp, serveApp } from './app/serveApp.ts';

const KILLS = Number(process.env.VOXPROMPT_KILLS ?? 3);

declare global {
  var accepted: (n: number) => void;
  var kept: (n: number) => void;
}

describe.skipIf(!existsSync('/usr/bin/chromium'))('work in a browser that is killed', () => {
  let served: ServedApp;
  let profile: string;
  let running: KillableChromium | undefined;

  beforeAll(async () => {
    served = await serveApp();
  });
  afterAll(async () => {
    await running?.kill();
    await served?.stop();
  });

  async function start(): Promise<Page> {
    running = await killableChromium(profile);
    return open();
  }
  async function open(): Promise<Page> {
    const page = (await running?.browser.contexts()[0]?.newPage())!;
    await page.goto(served.url);
    await page.waitForFunction(() => window.appHarness !== undefined);
    return page;
  }
  const inFreshProfile = (run: () => Promise<void>) => async () => {
    profile = await mkdtemp(join(tmpdir(), 'voxprompt-profile-'));
    try {
      await run();
    } finally {
      await running?.kill();
      running = undefined;
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  };

  it(
    `finds every change that was on the disk again after each of ${KILLS} kills, and never half of one`,
    inFreshProfile(async () => {
      const count = { kills: 0, accepted: 0, kept: 0, lostInFlight: 0, lost: 0, differing: 0 };
      let [lastAccepted, lastKept, startedAt] = [0, 0, 0];
      for (; count.kills <= KILLS; count.kills += 1) {
        const page = await start();
        await page.evaluate(() => window.appHarness.work.open());
        const found = await page.evaluate(() => window.appHarness.work.restore());
        const differing = await page.evaluate((n) => window.appHarness.work.differing(n), found);
        count.accepted += lastAccepted - startedAt;
        count.kept += lastKept - startedAt;
        if (found < lastKept) count.lost += lastKept - found;
        if (found < lastAccepted) count.lostInFlight += lastAccepted - Math.max(found, lastKept);
        if (found > 0 && differing !== 0) count.differing += 1;
        if (count.kills === KILLS) break;
        [lastAccepted, lastKept, startedAt] = [found, found, found];
        await page.exposeFunction('accepted', (n: number) => {
          lastAccepted = Math.max(lastAccepted, n);
        });
        await page.exposeFunction('kept', (n: number) => {
          lastKept = Math.max(lastKept, n);
        });
        const gone = page
          .evaluate(() => window.appHarness.work.go(globalThis.accepted, globalThis.kept))
          .catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 1400));
        await running?.kill();
        await gone;
      }
      console.log(
        `${count.kills} kills: ${count.accepted} changes accepted, ${count.kept} known to be on the disk, ` +
          `${count.lost} of these lost, ${count.differing} restored differently; of ${count.accepted - count.kept} ` +
          `under way ${count.lostInFlight} did not come back`,
      );
      expect(count.kept).toBeGreaterThan(0);
      expect(count).toMatchObject({ kills: KILLS, lost: 0, differing: 0 });
    }),
    60_000 + KILLS * 60_000,
  );
});
