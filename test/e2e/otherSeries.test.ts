import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, MIDDLE, studyOfTwo } from './support/lesionCt.ts';
import { previewMasks } from './support/previewMasks.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

/** ms; the models run on whatever processor the machine has to spare. */
const LONG = 1_200_000;
const SOON = { timeout: 120_000 };

/** The real models on a CT that shows half of a lesion, beside an MR that shows all of it. */
describe.skipIf(!hasChromium)('two series of one study, in Chromium', () => {
  const viewer = served(studyOfTwo);

  it(
    'make one lesion, with what became of the second said beside it, and without it where the reader wants it so',
    async () => {
      const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url, 1440, 900);
      const reader = new Reader(page);
      await reader.openSeries(/Tiny, Täst/, /CT.*9 images/);
      await reader.goToSlice(MIDDLE);
      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      const others = page.getByRole('group', { name: 'Also looks at' });
      const mr = others.getByRole('checkbox', { name: /MR/ });
      expect(await mr.isChecked()).toBe(true);
      await others.getByText(/Shows the lesion \(0\.[89]\d\): counts\./).waitFor(SOON);
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      await shot(page, 'other-series-1440');
      expect(await violations(page)).toEqual([]);
      const together = Object.keys(await previewMasks(page)).map(Number);
      // Two slices above the last one on which the CT shows anything.
      expect(Math.max(...together)).toBeGreaterThanOrEqual(MIDDLE + 2);

      await mr.focus();
      await page.keyboard.press('Space');
      await reader.answered();
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      const alone = Object.keys(await previewMasks(page)).map(Number);
      expect(Math.max(...alone)).toBeLessThan(Math.max(...together));
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});
