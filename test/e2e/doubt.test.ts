import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, MIDDLE, pinchedCt } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

const PATIENT = /Tiny, Täst/;
/** ms; the model runs on whatever processor the machine has to spare. */
const LONG = 1_200_000;
const SOON = { timeout: 60_000 };

/** The real model on a lesion that is much smaller on one slice than on both beside it. */
describe.skipIf(!hasChromium)('slices worth a look, in Chromium', () => {
  const viewer = served(pinchedCt);
  const slice = (page: Page) => page.evaluate(() => globalThis.voxprompt.viewer.currentSlice.getState());

  it(
    'are gone to by mouse and by N, round and round, until the reader has spoken; then N says that there is none',
    async () => {
      const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
      const reader = new Reader(page);
      await reader.openSeries(PATIENT, /9 images/);
      await reader.goToSlice(MIDDLE);
      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      await reader.image.focus();
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      const strip = page.getByRole('region', { name: 'Propagation' });
      // A live region: what is written there is said.
      const notices = page.getByRole('region', { name: 'Notices' }).getByRole('status');
      await shot(page, 'doubt');
      const hatched = async (): Promise<readonly number[]> => {
        const names = await strip
          .getByRole('option', { name: /worth a look/ })
          .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
        return names.map((name) => Number(/^Slice (\d+)/.exec(name)?.[1]) - 1);
      };
      const doubtful = await hatched();
      expect(doubtful.length, 'the model is unsure of a lesion of this shape').toBeGreaterThan(0);

      // By mouse: the strip has a button, with how many there are.
      await strip.getByRole('button', { name: new RegExp(`^${doubtful.length} slices? worth a look`) }).click();
      await expect.poll(() => slice(page), SOON).toBe(doubtful.find((k) => k > MIDDLE) ?? doubtful[0]);

      // By key, from the first slice: each in turn, told as it comes, and then the first again.
      await reader.image.focus();
      await reader.goToSlice(0);
      for (const [index, k] of [...doubtful, doubtful[0]!].entries()) {
        await reader.press('n');
        await expect.poll(() => slice(page), SOON).toBe(k);
        const words = `Slice ${k + 1}, ${(index % doubtful.length) + 1} of ${doubtful.length} worth a look.`;
        await notices.getByText(words).waitFor({ state: 'attached' });
      }

      // What the reader has boxed, the reader has looked at.
      for (let rounds = 0; rounds < 6 && (await hatched()).length > 0; rounds += 1) {
        for (const k of await hatched()) {
          await reader.goToSlice(k);
          await reader.drawBox(lesionBox(k));
          await reader.answered();
        }
      }
      const at = await slice(page);
      await reader.image.focus();
      await reader.press('n');
      await notices.getByText(/^No slice stands out by its score or its area\./).waitFor();
      await shot(page, 'no-doubt');
      expect(await slice(page)).toBe(at);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});
