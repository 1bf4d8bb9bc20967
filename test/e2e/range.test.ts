import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { previewMasks } from './support/previewMasks.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

const PATIENT = /Tiny, Täst/;
/** ms; the model runs on whatever processor the machine has to spare. */
const LONG = 1_200_000;
const SOON = { timeout: 60_000 };

/** The real model on nine slices: how far the lesion goes, drawn where that is seen. */
describe.skipIf(!hasChromium)('a box in a second plane, in Chromium', () => {
  const viewer = served(lesionCt);

  async function planes(width = 1440, height = 900) {
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url, width, height);
    const reader = new Reader(page);
    await reader.openSeries(PATIENT, /9 images/);
    await reader.goToSlice(MIDDLE);
    await reader.press('a');
    const sagittal = page.getByRole('region', { name: 'Sagittal' });
    await sagittal.getByText(/ mm/).first().waitFor(SOON);
    return { page, reader, complaints, sagittal, strip: page.getByRole('region', { name: 'Propagation' }) };
  }

  it(
    'gives both ends by mouse, is refused in words where it means nothing, and is taken back in one step',
    async () => {
      const { page, reader, complaints, sagittal, strip } = await planes();
      await reader.image.focus();
      await reader.press('b');
      const pane = (await sagittal.boundingBox())!;
      const middle = { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 };
      await drag(page, middle, { x: middle.x + 40, y: middle.y + 40 });
      await notices(page).getByText('The first box is drawn on the slices as they were acquired.').waitFor();
      // A click still brings the other planes there: the coronal one away from the lesion.
      const slice = () => page.evaluate(() => globalThis.voxprompt.viewer.currentSlice.getState());
      await page.mouse.click(middle.x - 0.3 * pane.width, middle.y - pane.height / 8);
      await expect.poll(slice, SOON).not.toBe(MIDDLE);
      await reader.goToSlice(MIDDLE);

      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      // The box brings it back: both planes cut the lesion that has just been boxed.
      const coronal = page.getByRole('region', { name: 'Coronal' });
      await expect.poll(async () => (await boxIn(coronal)).height, SOON).toBeGreaterThan(4);
      const mark = await boxIn(sagittal);
      const perSlice = mark.height;
      // From the upper face of the slice two above to the lower face of the one below; the head is up.
      await shot(page, 'range-before');
      await page.mouse.move(mark.x, mark.y - 2 * perSlice);
      await page.mouse.down();
      await page.mouse.move(mark.x + mark.width, mark.y + 2 * perSlice, { steps: 6 });
      await sagittal.getByText(`Slices ${MIDDLE} to ${MIDDLE + 3}`).waitFor();
      await shot(page, 'range-drawing');
      await page.mouse.up();
      await expect.poll(() => ends(strip), SOON).toEqual([String(MIDDLE), String(MIDDLE + 3)]);
      await reader.samPanel.getByText(/You gave both ends: slices 4 to 7\./).waitFor();
      await shot(page, 'range-drawn');
      expect((await boxIn(sagittal)).height).toBeCloseTo(4 * perSlice, -1);

      // Beside the slice that has the box.
      const now = await boxIn(sagittal);
      await drag(page, { x: now.x, y: now.y - 1.5 * perSlice }, { x: now.x + 30, y: now.y - 0.2 * perSlice });
      await notices(page).getByText('The box does not reach slice 5, on which you have drawn.').waitFor();
      expect(await ends(strip)).toEqual([String(MIDDLE), String(MIDDLE + 3)]);

      await reader.press('Control+z');
      await expect.poll(async () => (await boxIn(sagittal)).height, SOON).toBeCloseTo(perSlice, -1);
      await reader.press('Control+Shift+z');
      await expect.poll(() => ends(strip), SOON).toEqual([String(MIDDLE), String(MIDDLE + 3)]);
      await reader.image.focus();
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      expect(Object.keys(await previewMasks(page)).map(Number)).toEqual([3, 4, 5, 6]);
      await expect(strip.textContent()).resolves.toMatch(/Reached the end slice you gave/);
      await shot(page, 'range-propagated');
      expect(complaints).toEqual([]);
    },
    LONG,
  );

  it(
    'gives both ends by keyboard alone',
    async () => {
      const { page, reader, complaints, sagittal, strip } = await planes(1024, 768);
      await reader.press('b');
      await reader.press('Shift+Enter');
      await reader.answered();
      for (let presses = 0; presses < 40; presses += 1) {
        if (await sagittal.evaluate((pane) => pane === document.activeElement)) break;
        await reader.press('Tab');
      }
      expect(await sagittal.evaluate((pane) => pane === document.activeElement)).toBe(true);
      const mark = await boxIn(sagittal);
      await reader.press('Space');
      await moveTo(page, sagittal, mark.x, mark.y - 1.05 * mark.height);
      await page.keyboard.down('Space');
      await moveTo(page, sagittal, mark.x + mark.width, mark.y + 3.05 * mark.height);
      await shot(page, 'range-keyboard-1024');
      await sagittal.getByText(`Slices ${MIDDLE - 1} to ${MIDDLE + 2}`).waitFor();
      await shot(page, 'range-keyboard-1024');
      await page.keyboard.up('Space');
      await expect.poll(() => ends(strip), SOON).toEqual([String(MIDDLE - 1), String(MIDDLE + 2)]);
      await page.getByText('The lesion goes over slices 3 to 6, as you drew it.').waitFor({ state: 'attached' });
      await reader.press('Escape');
      await reader.press('Control+z');
      await expect.poll(async () => (await boxIn(sagittal)).height, SOON).toBeCloseTo(mark.height, -1);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});

const notices = (page: Page): Locator => page.getByRole('region', { name: 'Notices' });

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 6 });
  await page.mouse.up();
}

/** Where the lesion's box, or its range, is drawn in a pane: the shape, without the width of its line. */
const boxIn = (pane: Locator) =>
  pane.locator('svg path[stroke="#f4f4f4"]').evaluate((path: SVGPathElement) => {
    const { x, y, width, height } = path.getBBox();
    const layer = path.ownerSVGElement?.getBoundingClientRect() ?? { x: 0, y: 0 };
    return { x: layer.x + x, y: layer.y + y, width, height };
  });

/** What the strip's handles say. */
const ends = (strip: Locator): Promise<(string | null)[]> =>
  Promise.all(
    ['First', 'Last'].map((end) =>
      strip.getByRole('slider', { name: `${end} slice of the lesion` }).getAttribute('aria-valuenow'),
    ),
  );

/** Moves the keyboard's cursor over a pane, by arrows, until it is as near as a step allows. */
async function moveTo(page: Page, pane: Locator, x: number, y: number): Promise<void> {
  const at = async () => {
    const mark = await pane.locator('svg g[transform]').last().boundingBox();
    if (mark === null) throw new Error('The keyboard cursor is not on the screen');
    return { x: mark.x + mark.width / 2, y: mark.y + mark.height / 2 };
  };
  for (const [axis, target] of [
    ['x', x],
    ['y', y],
  ] as const) {
    const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const start = (await at())[axis];
    const key = target > start ? more : less;
    await page.keyboard.press(key);
    await expect.poll(async () => (await at())[axis], SOON).not.toBe(start);
    const step = (await at())[axis] - start;
    for (let left = Math.round((target - start) / step) - 1; left > 0; left -= 1) await page.keyboard.press(key);
  }
}
