import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { hasChromium } from '../e2e/support/chromium.ts';
import { harnessPage } from './viewer/harnessPage.ts';
import { onDisk, present } from './viewer/realSeries.ts';
import { colorAt, isNear } from './viewer/screen.ts';

const FRAME_OF_REFERENCE = '00200052';
const YELLOW = [240, 228, 66] as const;

/** CT and PET of one patient: one frame of reference, and PET slices two lower than CT slices of the same number. */
describe.skipIf(!hasChromium || !present('ct'))('two series side by side in Chromium', () => {
  let page: Page;
  let complaints: readonly string[];
  harnessPage(
    () => {
      const pet = onDisk('pet');
      const headers = pet.headers.map(
        (header): DicomDataset => ({ ...header, [FRAME_OF_REFERENCE]: { vr: 'UI', Value: ['1.2.3'] } }),
      );
      return new Map(Object.entries({ ct: onDisk('ct'), pet, elsewhere: { ...pet, headers } }));
    },
    (...fresh) => {
      [page, complaints] = fresh;
    },
  );
  beforeEach(async () => {
    await page.evaluate(() => window.viewerHarness.viewer.setLayout('pair'));
    await page.evaluate(() => window.viewerHarness.open('ct', 'part10'));
    await page.evaluate(() => window.viewerHarness.loaded());
  });
  afterEach(() => expect(complaints).toEqual([]));

  const settled = () => page.evaluate(() => window.viewerHarness.settled());
  const beside = async (name: string) => {
    expect(await page.evaluate((series) => window.viewerHarness.openBeside(series), name)).toMatchObject({ ok: true });
    await page.evaluate(() => window.viewerHarness.besideLoaded());
    await settled();
  };
  const slices = () =>
    page.evaluate(() => {
      const { viewer } = window.viewerHarness;
      return [viewer.currentSlice.getState(), viewer.companion.currentSlice.getState()] as const;
    });
  const apart = () =>
    page.evaluate(() =>
      Math.abs(window.viewerHarness.position('acquisition') - window.viewerHarness.position('companion')),
    );
  const link = () => page.evaluate(() => window.viewerHarness.viewer.link.getState());

  it('follow each other to the same place in the patient, whichever is scrolled, and not by number', async () => {
    await beside('pet');
    expect(await link()).toEqual({ kind: 'linked' });
    await page.evaluate(() => window.viewerHarness.viewer.goToSlice(30));
    await expect.poll(async () => (await slices())[0]).toBe(30);
    await expect.poll(apart).toBeLessThan(1.7);
    expect((await slices())[1]).not.toBe(30);
    await page.mouse.move(752, 190);
    await page.mouse.wheel(0, -100);
    await settled();
    const [ct, pet] = await slices();
    expect(ct).toBe(29);
    expect(pet).toBe(31);
    expect(await apart()).toBeLessThan(1.7);
    await page.evaluate(() => window.viewerHarness.viewer.setActiveSlot('companion'));
    await page.evaluate(() => window.viewerHarness.viewer.scroll(5));
    await expect.poll(slices).toEqual([34, 36]);
    await page.evaluate(() => window.viewerHarness.viewer.setLinked(false));
    await page.evaluate(() => window.viewerHarness.viewer.scroll(-5));
    await expect.poll(slices).toEqual([34, 31]);
  });

  it('begin where the open series is, which stays where the reader had gone', async () => {
    await page.evaluate(() => window.viewerHarness.viewer.goToSlice(31));
    await settled();
    await beside('pet');
    await expect.poll(apart).toBeLessThan(1.7);
    expect((await slices())[0]).toBe(31);
  });

  it('say how far the nearest slice is where the other series ends', async () => {
    await beside('pet');
    const note = () => page.evaluate(() => window.viewerHarness.viewer.slotInfo('companion').getState().note);
    expect(await note()).toBeUndefined();
    await page.evaluate(() => window.viewerHarness.viewer.goToSlice(46));
    await settled();
    const far = await apart();
    expect(far).toBeGreaterThan(2);
    expect(await note()).toBe(`Nearest slice: ${far.toFixed(1)} mm away`);
  });

  it('show one crosshair: the point clicked in one is the point marked in the other', async () => {
    await beside('pet');
    await page.evaluate(() => {
      window.viewerHarness.viewer.setCrosshairs(true);
      window.viewerHarness.viewer.goToSlice(25);
    });
    await settled();
    await page.mouse.move(790, 220);
    const pointed = () => page.evaluate(() => window.viewerHarness.pointed());
    await expect.poll(pointed).toBeDefined();
    const clicked = (await pointed())!;
    await page.mouse.click(790, 220);
    await settled();
    const arms = await page
      .locator('[data-slot=acquisition] svg line')
      .evaluateAll((lines) =>
        lines.map((line) => ['x1', 'y1', 'x2', 'y2'].map((name) => Number(line.getAttribute(name)))),
      );
    expect(arms).toHaveLength(4);
    const [left, right, up, down] = arms as [number[], number[], number[], number[]];
    await page.mouse.move((left[2]! + right[0]!) / 2, (up[3]! + down[1]!) / 2);
    await expect
      .poll(async () => (await page.evaluate(() => window.viewerHarness.viewer.cursor.getState()))?.slot)
      .toBe('acquisition');
    const marked = (await pointed())!;
    // Both are centres of voxels: half a PET voxel and half a CT voxel may lie between them.
    for (const axis of [0, 1]) expect(Math.abs(marked[axis]! - clicked[axis]!)).toBeLessThan(3.2);
    expect(Math.abs(marked[2]! - clicked[2]!)).toBeLessThan(1.7);
  });

  it('without a common frame of reference say so, and neither follow nor mark anything in each other', async () => {
    await beside('elsewhere');
    expect(await link()).toEqual({ kind: 'apart', reason: 'other-frame' });
    const [, before] = await slices();
    await page.evaluate(() => {
      window.viewerHarness.viewer.setCrosshairs(true);
      window.viewerHarness.viewer.setLinked(true);
      window.viewerHarness.viewer.goToSlice(3);
    });
    await settled();
    expect(await slices()).toEqual([3, before]);
    expect(await page.locator('[data-slot=acquisition] svg line').count()).toBe(4);
    expect(await page.locator('[data-slot=companion] svg line').count()).toBe(0);
    await page.mouse.click(790, 220);
    await settled();
    expect(await slices()).toEqual([3, before]);
  });

  it('have windows of their own, and the labelmap and the brush in the pane that is segmented alone', async () => {
    await beside('pet');
    await page.evaluate(() => {
      window.viewerHarness.commitStrokes();
      window.viewerHarness.viewer.goToSlice(25);
      window.viewerHarness.addBall(1, [68, 67, 25], [20, 20, 4]);
      window.viewerHarness.viewer.setOverlayOpacity(1);
    });
    const yellow = async (x: number) => isNear(colorAt(await page.screenshot(), x, 190), YELLOW);
    await expect.poll(() => yellow(250)).toBe(true);
    expect(await yellow(752)).toBe(false);
    await page.evaluate(() => window.viewerHarness.viewer.setActiveSlot('companion'));
    const windows = () =>
      page.evaluate(() => {
        const { viewer } = window.viewerHarness;
        return [viewer.displayWindow.getState()?.upper, viewer.companion.displayWindow.getState()?.upper];
      });
    const [ct] = await windows();
    await page.evaluate(() => window.viewerHarness.viewer.setWindow({ lower: 0, upper: 9, source: 'reader' }));
    expect(await windows()).toEqual([ct, 9]);
    await page.evaluate(() => window.viewerHarness.viewer.activateTool('Brush'));
    const steps = await page.evaluate(() => window.viewerHarness.steps());
    await page.mouse.move(752, 190);
    await page.mouse.down();
    await page.mouse.move(780, 210, { steps: 3 });
    await page.mouse.up();
    expect(await page.evaluate(() => window.viewerHarness.steps())).toBe(steps);
    expect(await page.evaluate(() => window.viewerHarness.viewer.worksIn('companion', 'Brush'))).toBe(false);
  });

  it('leave nothing behind: neither a second series, nor a first one that was changed for another', async () => {
    const alone = await page.evaluate(() => window.viewerHarness.held());
    await beside('pet');
    const both = await page.evaluate(() => window.viewerHarness.held());
    expect(both.viewports.toSorted()).toEqual(['acquisition', 'companion']);
    expect(both.bytes).toBeGreaterThan(alone.bytes);
    expect(await page.evaluate(() => window.viewerHarness.openBeside('ct'))).toEqual({
      ok: false,
      code: 'same-series',
    });
    await page.evaluate(() => window.viewerHarness.viewer.setLayout('stack'));
    await settled();
    expect(await page.evaluate(() => window.viewerHarness.held())).toEqual(alone);
    expect(await link()).toBeUndefined();

    await page.evaluate(() => window.viewerHarness.viewer.setLayout('pair'));
    await beside('pet');
    await page.evaluate(() => window.viewerHarness.addBall(1, [68, 67, 25], [20, 20, 4]));
    await settled();
    // The series of the second pane becomes the first: the second pane is empty, and the first one's images are gone.
    await page.evaluate(() => window.viewerHarness.open('pet', 'part10'));
    await page.evaluate(() => window.viewerHarness.loaded());
    await settled();
    const turned = await page.evaluate(() => window.viewerHarness.held());
    expect(turned.viewports).toEqual(['acquisition']);
    expect(turned.bytes).toBe(both.bytes - alone.bytes);
    await page.evaluate(() => window.viewerHarness.openBeside('ct'));
    await page.evaluate(() => window.viewerHarness.besideLoaded());
    await page.evaluate(() => window.viewerHarness.open('elsewhere', 'part10'));
    await page.evaluate(() => window.viewerHarness.loaded());
    await settled();
    expect((await page.evaluate(() => window.viewerHarness.held())).bytes).toBe(both.bytes);
  });
});
