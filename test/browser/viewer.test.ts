import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { harnessPage } from './viewer/harnessPage.ts';
import { allOnDisk, along, expectedHashes, onDisk, present } from './viewer/realSeries.ts';
import { currentSlice, show, showReformats } from './viewer/show.ts';

/** What comes into the viewer and what goes wrong on the way. */
describe.skipIf(!hasChromium)('the viewer in Chromium, built for production', () => {
  let page: Page;
  let complaints: readonly string[];
  const broken = new Set<string>();
  harnessPage(
    allOnDisk,
    (...fresh) => {
      [page, complaints] = fresh;
    },
    broken,
  );

  describe('the pixels that a model sees', () => {
    for (const [name, what] of [
      ['ct', 'a CT with signed pixels'],
      ['pet', 'a PET with a slope of its own in every slice'],
      ['mr', 'an oblique MR whose files run against the stack'],
    ] as const) {
      for (const kind of ['part10', 'wado-rs'] as const) {
        it.skipIf(!present(name))(`are those of the file, bit for bit: ${what}, ${kind}`, async () => {
          await show(page, name, kind);
          expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(onDisk(name)));
          expect(complaints).toEqual([]);
        });
      }
    }

    it.skipIf(!present('mr'))('do not depend on window, inversion or zoom', async () => {
      await show(page, 'mr', 'part10');
      await page.evaluate(() => {
        const { viewer } = window.viewerHarness;
        viewer.setWindow({ lower: 0, upper: 1, source: 'reader' });
        viewer.invert();
        viewer.zoom(3);
      });
      expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(onDisk('mr')));
    });
  });

  describe('what goes wrong', () => {
    it.skipIf(!present('ct'))(
      'names a slice that the archive does not give, shows the others, and offers no reformat',
      async () => {
        const { headers } = onDisk('ct');
        const order = headers.map((_, index) => index).sort((a, b) => along(headers[a]!) - along(headers[b]!));
        broken.add(`ct/${order[3]}`);
        await show(page, 'ct', 'wado-rs');
        const failures = await page.evaluate(() => window.viewerHarness.viewer.failures.getState());
        expect(failures).toMatchObject([
          { k: 3, error: { code: 'frame-not-retrieved', context: { slice: 4, status: 500 } } },
        ]);
        const hashes = await page.evaluate(() => window.viewerHarness.hashes());
        expect(hashes[3]).toBe('pixels-unavailable');
        expect(hashes.filter((_, k) => k !== 3)).toEqual(expectedHashes(onDisk('ct')).filter((_, k) => k !== 3));
        expect(await page.evaluate(() => window.viewerHarness.viewer.canReformat.getState())).toBe(false);
        await page.evaluate(() => window.viewerHarness.viewer.goToSlice(3));
        await expect
          .poll(() => page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState().problem))
          .toContain('Slice 4 could not be loaded');
      },
    );

    it.skipIf(!present('ct') || !present('mr'))(
      'lets go of a series that is still loading when another is opened',
      async () => {
        for (const name of ['mr', 'ct', 'mr', 'ct'] as const) {
          await page.evaluate((n) => window.viewerHarness.open(n, 'wado-rs'), name);
          await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
        }
        const last = await page.evaluate(() => window.viewerHarness.openOver('mr', 'ct'));
        expect(last).toEqual({ superseded: 'AbortError', opened: 47 });
        await page.evaluate(() => window.viewerHarness.loaded());
        await page.evaluate(() => window.viewerHarness.settled());
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(onDisk('ct')));
        expect(complaints).toEqual([]);
      },
    );

    it.skipIf(!present('ct'))('leaves nothing open when opening is cancelled', async () => {
      expect(await page.evaluate(() => window.viewerHarness.openCancelled('ct'))).toBe('AbortError');
      expect(await page.evaluate(() => window.viewerHarness.viewer.openSeries.getState())).toBeUndefined();
      await show(page, 'ct', 'part10');
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('ct'))(
      'says so when not even the first slice is to be had, and opens the next series',
      async () => {
        for (const index of onDisk('ct').headers.keys()) broken.add(`ct/${index}`);
        const opened = await page.evaluate(() => window.viewerHarness.open('ct', 'wado-rs'));
        expect(opened).toMatchObject({ ok: false, error: { code: 'pixels-unavailable' } });
        await show(page, 'ct', 'part10');
        expect(await currentSlice(page)).toBe(23);
      },
    );

    it.skipIf(!present('ct') || !present('pet') || !present('mr'))(
      'switches series again and again without a word on the console',
      async () => {
        for (const name of ['ct', 'pet', 'mr', 'ct', 'pet', 'mr'] as const) {
          await show(page, name, 'part10');
          await showReformats(page);
          await page.evaluate(() => {
            window.viewerHarness.addBall(1, [14, 14, 20], [6, 6, 4]);
            window.viewerHarness.previewBall([18, 14, 20], [6, 6, 4]);
          });
          await page.evaluate(() => window.viewerHarness.settled());
        }
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(onDisk('mr')));
        expect(complaints).toEqual([]);
      },
    );
  });
});
