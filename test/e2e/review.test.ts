import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
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

/** The real model on nine slices: what is done to a lesion that is not accepted yet, by mouse, by finger and by key. */
describe.skipIf(!hasChromium)('editing a lesion under review, in Chromium', () => {
  const viewer = served(lesionCt);

  async function opened(width = 1440, height = 900) {
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url, width, height);
    const reader = new Reader(page);
    await reader.openSeries(PATIENT, /9 images/);
    await reader.goToSlice(MIDDLE);
    return { page, reader, complaints };
  }

  async function reviewed(reader: Reader): Promise<void> {
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
  }

  it(
    'takes a stroke for a keyframe, redoes what depends on it, and takes each step back',
    async () => {
      const { page, reader, complaints } = await opened();
      await reviewed(reader);
      const found = await previewMasks(page);
      expect(await violations(page)).toEqual([]);
      await shot(page, 'review-1440');
      await reader.goToSlice(6);
      await reader.press('d');
      await reader.drag([46, 46], [60, 46]);
      const strip = page.getByRole('region', { name: 'Propagation' });
      await strip.getByRole('option', { name: /^Slice 7, .*painted by you/ }).waitFor();
      const painted = await previewMasks(page);
      for (let x = 46; x <= 60; x += 1) expect(painted[6]).toContain(46 * 96 + x);
      expect(painted[3]).toEqual(found[3]);
      await shot(page, 'review-painted');
      await reader.image.focus();
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      expect((await previewMasks(page))[6], 'what was painted stays').toEqual(painted[6]);
      // Back over the run and the stroke.
      await reader.press('Control+z');
      await reader.press('Control+z');
      expect(await previewMasks(page)).toEqual(found);
      await reader.press('Control+Shift+z');
      expect((await previewMasks(page))[6]).toEqual(painted[6]);

      expect(await reader.undoSteps()).toBe(0);
      expect(complaints).toEqual([]);
    },
    LONG,
  );

  it(
    'is edited by keyboard alone: cursor, brush, point, fill between two boxes',
    async () => {
      const { page, reader, complaints } = await opened(1024, 768);
      await reader.press('b');
      await reader.press('Space');
      // A box drawn by key as by mouse: from the corner to the other one, Space held.
      await moveTo(page, reader, lesionBox(MIDDLE).x0, lesionBox(MIDDLE).y0);
      await page.keyboard.down('Space');
      await moveTo(page, reader, lesionBox(MIDDLE).x1, lesionBox(MIDDLE).y1);
      await page.keyboard.up('Space');
      await reader.answered();
      const boxed = await previewMasks(page);
      expect(boxed[MIDDLE]!.length).toBeGreaterThan(300);
      await shot(page, 'keyboard-1024');
      await reader.press('-');
      await moveTo(page, reader, 56, 46);
      await page.keyboard.press('Space', { delay: 50 });
      await reader.samPanel.getByText(/− beside the lesion, 5\d \/ 4\d/).waitFor();
      await reader.answered();
      await reader.press('Control+z');
      await reader.samPanel.getByText(/− beside the lesion/).waitFor({ state: 'detached' });
      await reader.press('Escape');
      await page.keyboard.press('PageDown');
      await reader.goToSlice(MIDDLE + 3);
      await reader.press('e');
      await reader.press('d');
      await reader.press('Space');
      await moveTo(page, reader, 50, 46);
      await page.keyboard.down('Space');
      await moveTo(page, reader, 56, 46);
      await page.keyboard.up('Space');
      await expect
        .poll(async () => Object.keys(await previewMasks(page)).map(Number), SOON)
        .toEqual([MIDDLE, MIDDLE + 3]);
      await reader.press('Escape');
      await reader.press('Shift+F');
      await expect.poll(async () => Object.keys(await previewMasks(page)).map(Number), SOON).toEqual([4, 5, 6, 7]);
      await reader.offered(/^Accept\s*Enter$/);
      expect(await violations(page)).toEqual([]);
      await shot(page, 'review-1024');
      await reader.press('Enter');
      await expect.poll(() => reader.undoSteps(), SOON).toBe(1);
      await page.getByRole('button', { name: 'Type: Lesion' }).waitFor();
      await shot(page, 'segments-1024');
      await reader.press('Control+s');
      await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'save-1024');
      await reader.press('Enter');
      await page.getByRole('dialog').getByRole('heading', { name: 'Stored' }).waitFor({ timeout: 60_000 });
      expect(await violations(page)).toEqual([]);
      await shot(page, 'stored-1024');
      expect(complaints).toEqual([]);
    },
    LONG,
  );

  it(
    'takes a box from a finger, and shows the mask while a handle is being dragged',
    async () => {
      const { page, reader, complaints } = await opened();
      await reader.image.focus();
      await reader.press('b');
      const { x0, y0, x1, y1 } = lesionBox(MIDDLE);
      const cdp = await page.context().newCDPSession(page);
      const [from, to] = [await reader.pointOf(x0, y0), await reader.pointOf(x1, y1)];
      const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
        cdp.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [at] });
      await touch('touchStart', from);
      for (let step = 1; step <= 8; step += 1) {
        await touch('touchMove', {
          x: from.x + ((to.x - from.x) * step) / 8,
          y: from.y + ((to.y - from.y) * step) / 8,
        });
        await page.waitForTimeout(30);
      }
      await touch('touchEnd');
      await reader.answered();
      const whole = (await previewMasks(page))[MIDDLE]!;
      expect(whole.length).toBeGreaterThan(300);

      const half = await reader.pointOf(Math.round((x0 + x1) / 2), y1);
      const corner = await reader.pointOf(x1, y1);
      await page.mouse.move(corner.x, corner.y);
      await page.mouse.down();
      await page.mouse.move(half.x, half.y, { steps: 6 });
      // The button is still down.
      await expect
        .poll(async () => (await previewMasks(page))[MIDDLE]!.length, { timeout: 300_000 })
        .toBeLessThan(0.85 * whole.length);
      await page.mouse.up();
      await reader.answered();
      await reader.press('Control+z');
      await reader.answered();
      expect((await previewMasks(page))[MIDDLE], 'a drag is one step').toEqual(whole);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});

/** Moves the keyboard's cursor to a pixel of the image, by arrows. */
async function moveTo(page: Page, reader: Reader, x: number, y: number): Promise<void> {
  const target = await reader.pointOf(x, y);
  const at = async () => {
    const mark = await page.locator('section[aria-label="Acquired slices"] svg g[transform]').last().boundingBox();
    if (mark === null) throw new Error('The keyboard cursor is not on the screen');
    return { x: mark.x + mark.width / 2, y: mark.y + mark.height / 2 };
  };
  const zero = await reader.pointOf(0, 0);
  const step = (await reader.pointOf(1, 0)).x - zero.x;
  for (const axis of ['x', 'y'] as const) {
    const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const now = await at();
    let pixels = Math.round((target[axis] - now[axis]) / step);
    while (pixels !== 0) {
      const far = Math.abs(pixels) >= 10;
      await page.keyboard.press(`${far ? 'Shift+' : ''}${pixels > 0 ? more : less}`);
      pixels -= Math.sign(pixels) * (far ? 10 : 1);
    }
  }
}
