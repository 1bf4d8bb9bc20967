import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { harnessPage } from './viewer/harnessPage.ts';
import { allOnDisk, expectedHashes, onDisk, present } from './viewer/realSeries.ts';
import { colorAt, isNear } from './viewer/screen.ts';
import { currentSlice, show, showReformats } from './viewer/show.ts';
import { watchDrawing } from './viewer/watchDrawing.ts';

/** What a reader sees and does on the screen. */
describe.skipIf(!hasChromium)('the viewer in Chromium, built for production', () => {
  let page: Page;
  let complaints: readonly string[];
  harnessPage(allOnDisk, (...fresh) => {
    [page, complaints] = fresh;
  });

  describe('the screen', () => {
    it.skipIf(!present('ct'))('shows the middle slice first, with letters, position and window', async () => {
      await show(page, 'ct', 'part10');
      await page.evaluate(() => window.viewerHarness.settled());
      const info = await page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState());
      expect(info).toMatchObject({
        orientation: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
        windowText: 'W 400 L 40',
        zoom: 1,
        problem: undefined,
      });
      expect(info.sliceLabel).toMatch(/^Slice 24 \/ 47 · -?\d+\.\d mm$/);
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('mr'))('scrolls by wheel, windows by right drag, and stops at the last slice', async () => {
      await show(page, 'mr', 'wado-rs');
      await page.evaluate(() => window.viewerHarness.settled());
      const before = await currentSlice(page);
      await page.mouse.move(250, 190);
      await page.mouse.wheel(0, 100);
      await expect.poll(() => currentSlice(page)).toBe(before + 1);
      const window0 = await page.evaluate(() => window.viewerHarness.viewer.displayWindow.getState());
      await page.mouse.down({ button: 'right' });
      await page.mouse.move(310, 190, { steps: 4 });
      await page.mouse.up({ button: 'right' });
      const window1 = await page.evaluate(() => window.viewerHarness.viewer.displayWindow.getState());
      expect(window1!.upper - window1!.lower).toBeGreaterThan((window0!.upper - window0!.lower) * 1.1);
      expect(window1!.source).toBe('reader');
      await page.evaluate(() => window.viewerHarness.viewer.scroll(1000));
      await expect.poll(() => currentSlice(page)).toBe(39);
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('mr'))('moves the acquired slice to where a reformat is clicked', async () => {
      await show(page, 'mr', 'part10');
      await showReformats(page);
      expect(await page.evaluate(() => window.viewerHarness.viewer.slots.getState())).toEqual([
        'acquisition',
        'coronal',
        'sagittal',
      ]);
      const millimetres = await page.evaluate(
        () => window.viewerHarness.viewer.slotInfo('coronal').getState().millimetresPerPixel,
      );
      const before = await currentSlice(page);
      await page.mouse.click(752, 190 + 60);
      // Down in a coronal view is towards the feet; slices are 5.2 mm apart.
      await expect.poll(() => currentSlice(page)).toBe(before - Math.round((60 * millimetres) / 5.2));
    });

    it.skipIf(!present('ct'))(
      'shows MONOCHROME1 as a negative in all planes, and gives the model the values as they are',
      async () => {
        await show(page, 'negative', 'wado-rs');
        await showReformats(page);
        // Around the thigh is air: the highest grey of a negative. Both corners lie inside the image.
        const shot = await page.screenshot();
        expect(isNear(colorAt(shot, 75, 350), [255, 255, 255]), String(colorAt(shot, 75, 350))).toBe(true);
        expect(await page.evaluate(() => window.viewerHarness.viewer.inverted.getState())).toBe(true);
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(onDisk('ct')));
      },
    );

    it.skipIf(!present('ct'))(
      'keeps slice, window and labelmap when a viewport is detached and attached again',
      async () => {
        await show(page, 'ct', 'part10');
        await page.evaluate(() => {
          window.viewerHarness.viewer.goToSlice(20);
          window.viewerHarness.viewer.setOverlayOpacity(1);
          window.viewerHarness.addBall(1, [68, 67, 20], [25, 25, 9]);
        });
        await page.evaluate(() => window.viewerHarness.settled());
        for (let round = 0; round < 5; round += 1) await page.evaluate(() => window.viewerHarness.reattach());
        await page.evaluate(() => window.viewerHarness.settled());
        expect(await currentSlice(page)).toBe(20);
        expect(isNear(colorAt(await page.screenshot(), 250, 190), [240, 228, 66])).toBe(true);
        expect(
          await page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState().windowText),
        ).toBe('W 400 L 40');
        expect(complaints).toEqual([]);
      },
    );

    it.skipIf(!present('mr'))('zooms with Ctrl and wheel, pans with the middle button, and fits again', async () => {
      await show(page, 'mr', 'part10');
      await page.evaluate(() => window.viewerHarness.settled());
      const info = () => page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState());
      const before = await currentSlice(page);
      await page.mouse.move(250, 190);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -100);
      await page.keyboard.up('Control');
      await expect.poll(async () => (await info()).zoom).not.toBe(1);
      expect(await currentSlice(page)).toBe(before);
      await page.mouse.down({ button: 'middle' });
      await page.mouse.move(300, 220, { steps: 3 });
      await page.mouse.up({ button: 'middle' });
      await page.evaluate(() => window.viewerHarness.viewer.resetView());
      // What is read of the image is written in the next frame.
      await expect.poll(async () => (await info()).zoom).toBeCloseTo(1, 6);
    });

    it.skipIf(!present('tilted'))('opens a gantry-tilted head CT slice by slice and offers no reformat', async () => {
      const opened = await page.evaluate(() => window.viewerHarness.open('tilted', 'part10'));
      expect(opened).toMatchObject({ ok: true, use: 'slices' });
      await page.evaluate(() => window.viewerHarness.loaded());
      await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
      expect(
        await page.evaluate(() => [
          window.viewerHarness.viewer.canReformat.getState(),
          window.viewerHarness.viewer.layout.getState(),
        ]),
      ).toEqual([false, 'stack']);
    });
  });

  describe('the labelmap', () => {
    const YELLOW = [240, 228, 66] as const;
    const CYAN = [0, 255, 255] as const;

    it.skipIf(!present('ct'))('lies on the same voxels in the acquired slice and in both reformats', async () => {
      await show(page, 'ct', 'part10');
      await showReformats(page);
      await page.evaluate(() => {
        window.viewerHarness.viewer.setOverlayOpacity(1);
        window.viewerHarness.addBall(1, [68, 67, 23], [25, 25, 9]);
      });
      await page.evaluate(() => window.viewerHarness.settled());
      const shot = await page.screenshot();
      for (const [x, y] of [
        [250, 190],
        [752, 190],
        [250, 572],
      ] as const) {
        expect(isNear(colorAt(shot, x, y), YELLOW), `${x},${y}: ${colorAt(shot, x, y)}`).toBe(true);
      }
      expect(isNear(colorAt(shot, 250, 20), YELLOW)).toBe(false);
      await page.evaluate(() => window.viewerHarness.undo());
      await page.evaluate(() => window.viewerHarness.settled());
      const after = await page.screenshot();
      for (const [x, y] of [
        [250, 190],
        [752, 190],
        [250, 572],
      ] as const) {
        expect(isNear(colorAt(after, x, y), YELLOW), `${x},${y}: ${colorAt(after, x, y)}`).toBe(false);
      }
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('ct'))('is drawn only where something is labelled, and straight over the image', async () => {
      await show(page, 'ct', 'part10');
      await page.evaluate(() => {
        window.viewerHarness.addBall(1, [68, 67, 23], [12, 12, 3]);
        window.viewerHarness.viewer.goToSlice(23);
      });
      await page.evaluate(() => window.viewerHarness.settled());
      await page.evaluate(watchDrawing);
      const areasOn = async (slice: number): Promise<readonly number[]> => {
        await page.evaluate((k) => window.viewerHarness.viewer.goToSlice(k), slice);
        await page.evaluate(() => window.viewerHarness.settled());
        return page.evaluate(() => window.drawnAreas.splice(0).slice(-2));
      };
      const [image, labelled] = await areasOn(22);
      // A ball of 25 by 25 of 134 by 134 pixels.
      expect(labelled! / image!).toBeGreaterThan(0.02);
      expect(labelled! / image!).toBeLessThan(0.1);
      expect((await areasOn(2))[1]).toBe(0);
      expect(await page.evaluate(() => window.otherBuffers)).toBe(0);
    });

    it.skipIf(!present('ct'))(
      'is copied when the GPU has drawn it, each plane in its turn, so that nobody waits',
      async () => {
        await show(page, 'ct', 'part10');
        await showReformats(page);
        await page.evaluate(() => window.viewerHarness.settled());
        await page.evaluate(watchDrawing);
        await page.evaluate(() => window.viewerHarness.viewer.invert());
        await page.evaluate(() => window.viewerHarness.settled());
        const copies = await page.evaluate(() => window.copies);
        expect(copies.map(({ onto }) => onto).toSorted()).toEqual(['acquisition', 'coronal', 'sagittal']);
        expect(copies.every(({ finished, smoothed }) => finished && !smoothed)).toBe(true);
      },
    );

    it.skipIf(!present('ct'))('shows a preview in its own colour and takes it away again', async () => {
      await show(page, 'ct', 'part10');
      await page.evaluate(() => window.viewerHarness.previewBall([68, 67, 23], [20, 20, 4]));
      await page.evaluate(() => window.viewerHarness.settled());
      const edge = () => page.screenshot().then((shot) => hasColorOnRow(shot, 190, CYAN));
      expect(await edge()).toBe(true);
      await page.evaluate(() => window.viewerHarness.clearPreview());
      await page.evaluate(() => window.viewerHarness.settled());
      expect(await edge()).toBe(false);
    });

    it.skipIf(!present('ct'))('takes a brush stroke as one undo step of the slice that was painted', async () => {
      await show(page, 'ct', 'part10');
      await page.evaluate(() => {
        window.viewerHarness.addBall(1, [30, 30, 23], [5, 5, 2]);
        window.viewerHarness.commitStrokes();
        window.viewerHarness.viewer.activateTool('Brush');
      });
      const voxels = (): Promise<number> => page.evaluate(() => window.viewerHarness.voxels(1, 23));
      const steps = await page.evaluate(() => window.viewerHarness.steps());
      const before = await voxels();
      await page.mouse.move(220, 190);
      await page.mouse.down();
      await page.mouse.move(300, 190, { steps: 5 });
      await page.mouse.up();
      await expect.poll(voxels).toBeGreaterThan(before);
      expect(await page.evaluate(() => window.viewerHarness.steps())).toBe(steps + 1);
      expect(await page.evaluate(() => window.viewerHarness.voxels(1, 22))).toBe(
        await page.evaluate(() => window.viewerHarness.voxels(1, 24)),
      );
      await page.evaluate(() => window.viewerHarness.viewer.activateTool('Eraser'));
      const painted = await voxels();
      await page.mouse.move(260, 190);
      await page.mouse.down();
      await page.mouse.up();
      await expect.poll(voxels).toBeLessThan(painted);
      expect(complaints).toEqual([]);
    });
  });
});

/** Whether any pixel of a row of the picture has a colour. */
function hasColorOnRow(shot: Buffer, y: number, color: readonly [number, number, number]): boolean {
  return Array.from({ length: 500 }, (_, x) => colorAt(shot, x, y)).some((seen) => isNear(seen, color));
}
