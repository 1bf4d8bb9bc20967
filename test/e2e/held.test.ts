import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { previewMasks } from './support/previewMasks.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

/** ms; the model runs on whatever processor the machine has to spare. */
const LONG = 1_200_000;

/** The real model; a lesion that a segment has already. */
describe.skipIf(!hasChromium)('a box over an accepted lesion, in Chromium', () => {
  const viewer = served(lesionCt);

  it(
    'says which segment keeps the voxels, and goes into it when asked to',
    async () => {
      const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url, 1024, 768);
      const reader = new Reader(page);
      await reader.openSeries(/Tiny, Täst/, /9 images/);
      await reader.goToSlice(MIDDLE);
      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      await reader.samPanel.getByRole('button', { name: 'Accept this slice' }).click();
      await reader.samPanel.getByText(/^Lesion 1 has 1 slice\./).waitFor();

      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      const said = reader.samPanel.getByRole('status').filter({ hasText: /^Most of this lies in Lesion 1, / });
      await said.waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'held-1024');

      await said.getByRole('button', { name: 'Add to Lesion 1' }).focus();
      await reader.press('Enter');
      await said.waitFor({ state: 'detached' });
      const inPanel = () => reader.samPanel.evaluate((panel) => panel.contains(document.activeElement));
      expect(await inPanel(), 'the keyboard stays in the panel').toBe(true);
      expect((await previewMasks(page))[MIDDLE]?.length).toBeGreaterThan(0);
      await reader.samPanel.getByRole('button', { name: 'Accept this slice' }).click();
      await reader.samPanel.getByText(/^Lesion 1 has 1 slice\./).waitFor();
      expect(await reader.shownVoxels()).toHaveLength(1);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});
