import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { violations } from '../support/axe.ts';
import { type KillableChromium, killableChromium } from './app/killableChromium.ts';
import { type ServedApp, serveApp } from './app/serveApp.ts';

const SHOTS = process.env.VOXPROMPT_SHOTS;
const KILLS = Number(process.env.VOXPROMPT_KILLS ?? 3);

declare global {
  var accepted: (n: number) => void;
  var kept: (n: number) => void;
}

describe.skipIf(!hasChromium)('work in a browser that is killed', () => {
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
    await page.setViewportSize({ width: 1440, height: 900 });
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

  it(
    'offers the work back after a reload, in words and by keyboard',
    inFreshProfile(async () => {
      const page = await start();
      await page.evaluate(() => window.appHarness.work.open());
      await page.evaluate(async () => {
        window.appHarness.work.step();
        window.appHarness.work.step();
        await window.appHarness.app.autosave?.settled();
      });
      await page.getByText('Not stored yet, kept in this browser').waitFor();
      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.getByText('Unsaved work on 1 series is kept in this browser.').waitFor();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Work in this browser' });
      await dialog.getByText('Berger, Anna').waitFor();
      await dialog.getByText(/its key lies in the same browser profile/).waitFor();
      expect(await violations(page)).toEqual([]);
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, 'kept-dialog.png') });
      await dialog.getByRole('button', { name: 'Open series' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText(/Unsaved work from \d\d:\d\d on this series\./).waitFor();
      expect(await violations(page)).toEqual([]);
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, 'offer.png') });
      await page.getByRole('button', { name: 'Restore', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('1 segment restored').waitFor();
      expect(await page.evaluate(() => window.appHarness.work.differing(2))).toBe(0);
      expect(await page.evaluate(() => window.appHarness.app.labelmap.state.getState().journal.past.length)).toBe(2);
    }),
  );

  it(
    'lets two tabs on one series each keep their own, and says so',
    inFreshProfile(async () => {
      const left = await start();
      await left.evaluate(() => window.appHarness.work.open());
      const right = await open();
      await right.evaluate(() => window.appHarness.work.open());
      await right.getByText(/also open in another tab/).waitFor();
      for (const [page, steps] of [
        [left, 3],
        [right, 1],
        [left, 1],
      ] as const) {
        await page.evaluate(async (count) => {
          for (let step = 0; step < count; step += 1) window.appHarness.work.step();
          await window.appHarness.app.autosave?.settled();
        }, steps);
      }
      expect(await right.evaluate(() => window.appHarness.app.autosave?.offers.getState().length)).toBe(0);
      await running?.kill();
      const page = await start();
      await page.evaluate(() => window.appHarness.work.open());
      const steps = await page.evaluate(async () => {
        const { app, work } = window.appHarness;
        const found: number[] = [];
        for (const { id } of app.autosave?.offers.getState() ?? []) {
          await app.autosave?.restore(id);
          found.push(work.stepsDone(), work.differing(work.stepsDone()));
          await app.autosave?.settled();
        }
        return found;
      });
      expect(steps).toEqual([4, 0, 1, 0]);
    }),
  );

  it(
    'says that the disk is full for as long as it is, keeps the work in memory, and writes it when there is room',
    inFreshProfile(async () => {
      running = await killableChromium(profile);
      // Before the first use: Chromium remembers for a while how much room there was.
      const page = (await running.browser.contexts()[0]?.newPage())!;
      await page.setViewportSize({ width: 1440, height: 900 });
      const devtools = await page.context().newCDPSession(page);
      const { origin } = new URL(served.url);
      await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
      await page.goto(served.url);
      await page.waitForFunction(() => window.appHarness !== undefined);
      await page.evaluate(() => window.appHarness.work.open());
      await page.evaluate(() => window.appHarness.work.step());
      await page
        .getByRole('alert')
        .getByText(/Changes are not being kept/)
        .waitFor();
      await page.getByText(/no room left to keep unsaved work/).waitFor();
      await page.getByText('Not stored yet, not kept').waitFor();
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, 'full.png') });
      expect(await violations(page)).toEqual([]);
      await page.evaluate(() => window.appHarness.work.step());
      expect(await page.evaluate(() => window.appHarness.work.differing(2))).toBe(0);
      await devtools.send('Storage.overrideQuotaForOrigin', { origin });
      await page.getByText('Not stored yet, kept in this browser').waitFor();
      await page.getByText(/Changes are not being kept/).waitFor({ state: 'detached' });
      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.evaluate(() => window.appHarness.work.open());
      expect(await page.evaluate(() => window.appHarness.work.restore())).toBe(2);
    }),
  );

  it(
    'deletes what is kept when it is told to, and keeps nothing where nothing is to be kept',
    inFreshProfile(async () => {
      const page = await start();
      await page.evaluate(() => window.appHarness.work.open());
      await page.evaluate(async () => {
        window.appHarness.work.step();
        await window.appHarness.app.autosave?.settled();
      });
      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('button', { name: 'Clear stored data' }).click();
      await page.getByRole('button', { name: 'Delete all' }).click();
      await page.getByText('Nothing unsaved is kept.').waitFor();
      await page.getByRole('combobox', { name: 'Keep unsaved work' }).selectOption('never');
      await page.keyboard.press('Escape');
      await page.evaluate(() => window.appHarness.work.open());
      await page.evaluate(() => window.appHarness.work.step());
      await page.getByText('Not stored yet, not kept').waitFor();
      const rows = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const opening = indexedDB.open('voxprompt');
            opening.onsuccess = () => {
              const counting = opening.result.transaction('records').objectStore('records').count();
              counting.onsuccess = () => resolve(counting.result);
            };
          }),
      );
      expect(rows).toBe(0);
    }),
  );
});
