import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { tabTo } from './support/gestures.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';
import { storedSegmentations } from './support/stored.ts';

const PATIENT = /Tiny, Täst/;

/** The real model where a series, a screen or a reader has less than most. */
describe.skipIf(!hasChromium)('a lesion with less than usual, in Chromium', () => {
  const viewer = served(lesionCt);

  it('ends at once, and says why, where there is only one slice', async () => {
    const single = await lesionCt(join(viewer.folder, 'single'), [], 1);
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
    const reader = new Reader(page);
    await reader.drop(single.files);
    await page.getByText('1 study added under Local files').waitFor();
    await reader.openSeries(PATIENT, /1 image/);
    expect(await page.getByRole('status', { name: 'Geometry' }).textContent()).toMatch(/One slice only/);
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    await shot(page, 'single');
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    const strip = page.getByRole('region', { name: 'Propagation' });
    expect(await strip.getByText(/The series ends here/).count()).toBe(2);
    await reader.press('Enter');
    await expect.poll(() => reader.undoSteps()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('needs no pointer from the study list to the archive', async () => {
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
    const reader = new Reader(page);
    await page.getByRole('navigation', { name: 'Studies' }).getByRole('button', { name: PATIENT }).waitFor();
    await tabTo(page, PATIENT);
    await reader.press('Enter');
    await page.getByText(/9 images/).waitFor();
    await tabTo(page, /9 images/);
    await reader.press('Enter');
    await page.getByText(/^Slice 5 \/ 9/).waitFor();
    await reader.press('b');
    await reader.press('Shift+Enter');
    await reader.prompts.waitFor();
    // The box begins in the middle of the image: made larger and put over the lesion.
    for (const key of ['Shift+ArrowRight', 'Shift+ArrowDown']) for (let n = 0; n < 12; n += 1) await reader.press(key);
    for (let n = 0; n < 3; n += 1) await reader.press('ArrowLeft');
    for (let n = 0; n < 4; n += 1) await reader.press('ArrowUp');
    await reader.answered();
    await shot(page, 'keyboard-box');
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    await reader.press('Enter');
    await expect.poll(() => reader.undoSteps()).toBe(1);
    await reader.press('Control+s');
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).waitFor();
    await reader.press('Enter');
    await page.getByRole('dialog').getByRole('heading', { name: 'Stored' }).waitFor({ timeout: 30_000 });
    expect(await storedSegmentations(`${viewer.server.url}/dicom-web`, viewer.made.study)).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('shows the whole image in a pane that gets narrower, and keeps the zoom that the reader chose', async () => {
    const { page } = await watchedPage(viewer.browser, viewer.server.url);
    const reader = new Reader(page);
    await reader.openSeries(PATIENT, /9 images/);
    await reader.goToSlice(MIDDLE);
    const seen = async () => {
      const box = await reader.image.boundingBox();
      const info = await page.evaluate(() => {
        const { slotInfo } = globalThis.voxprompt.viewer as unknown as {
          slotInfo(slot: string): { getState(): Shown };
        };
        return slotInfo('acquisition').getState();
      });
      return { zoom: info.zoom, millimetres: info.millimetresPerPixel * box!.width };
    };
    interface Shown {
      readonly zoom: number;
      readonly millimetresPerPixel: number;
    }
    await reader.press('a');
    await page.getByRole('region', { name: 'Coronal' }).waitFor();
    await page.setViewportSize({ width: 800, height: 900 });
    await expect.poll(async () => (await seen()).millimetres).toBeGreaterThanOrEqual(95.9);
    expect((await seen()).zoom).toBeCloseTo(1, 3);
    await shot(page, 'narrow');
    await page.evaluate(() => (globalThis.voxprompt.viewer as unknown as { zoom(by: number): void }).zoom(2));
    await reader.press('q');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.waitForTimeout(500);
    await expect.poll(async () => (await seen()).zoom).toBeCloseTo(2, 3);
    await reader.press('r');
    await expect.poll(async () => (await seen()).zoom).toBeCloseTo(1, 3);
  });
});
