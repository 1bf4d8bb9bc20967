import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { harnessPage, openCt } from './viewer/harnessPage.ts';
import { onDisk, present } from './viewer/realSeries.ts';
import { colorAt, isNear } from './viewer/screen.ts';

const YELLOW = [240, 228, 66] as const;
const CENTRE = [68, 67, 23] as const;
const RADII = [24, 20, 6] as const;
/** Middle of each pane of the harness page: acquisition, coronal, sagittal, 3D. */
const PANES = [
  [250, 190],
  [752, 190],
  [250, 572],
  [752, 572],
] as const;

/** Planes and the whole volume: the same segment in the same place of the patient, and nothing left when the reader goes on. */
describe.skipIf(!hasChromium || !present('ct'))('planes and 3D in Chromium', () => {
  let page: Page;
  let complaints: readonly string[];
  harnessPage(
    () => new Map([['ct', onDisk('ct')]]),
    (...fresh) => {
      [page, complaints] = fresh;
    },
  );
  beforeEach(() => openCt(page));
  afterEach(() => expect(complaints).toEqual([]));

  const settled = () => page.evaluate(() => window.viewerHarness.settled());
  const held = () => page.evaluate(() => window.viewerHarness.held());
  const surfaces = () => page.evaluate(() => window.viewerHarness.surfaces());
  const letters = () => page.evaluate(() => window.viewerHarness.viewer.slotInfo('solid').getState().orientation);
  const quad = async () => {
    await page.evaluate(() => window.viewerHarness.viewer.setLayout('quad'));
    await expect.poll(letters, { timeout: 60_000 }).toBeDefined();
    await settled();
  };
  const yellowPixels = async (): Promise<number> => {
    const shot = await page.screenshot();
    let count = 0;
    for (let x = 560; x < 940; x += 4) {
      for (let y = 420; y < 740; y += 4) {
        const [r, g, b] = colorAt(shot, x, y);
        if (r > 60 && g > 0.8 * r && b < 0.55 * r) count += 1;
      }
    }
    return count;
  };

  it('draw the segment where it lies: in all three planes, and as a surface of its size in mm', async () => {
    await quad();
    expect(await page.evaluate(() => window.viewerHarness.viewer.slots.getState())).toEqual([
      'acquisition',
      'coronal',
      'sagittal',
      'solid',
    ]);
    expect(await yellowPixels()).toBe(0);
    await page.evaluate(
      ([centre, radii]) => {
        window.viewerHarness.viewer.setOverlayOpacity(1);
        window.viewerHarness.addBall(1, centre, radii);
        const [x, y, k] = centre as readonly [number, number, number];
        window.viewerHarness.viewer.zoomTo(k, { x0: x - 30, y0: y - 30, x1: x + 30, y1: y + 30 });
      },
      [CENTRE, RADII] as const,
    );
    await expect.poll(async () => (await surfaces()).length, { timeout: 30_000 }).toBe(1);
    await settled();
    const shot = await page.screenshot();
    for (const [x, y] of PANES.slice(0, 3)) {
      expect(isNear(colorAt(shot, x, y), YELLOW), `${x},${y}: ${colorAt(shot, x, y)}`).toBe(true);
    }
    expect(await yellowPixels()).toBeGreaterThan(40);

    const [surface] = await surfaces();
    const place = await page.evaluate(([i, j, k]) => {
      const { stack } = window.viewerHarness.viewer.openSeries.getState()!.series;
      const plane = stack.planes[k]!;
      const at = (axis: number): number =>
        plane.position[axis]! +
        i * plane.columnSpacing * plane.rowDirection[axis]! +
        j * plane.rowSpacing * plane.columnDirection[axis]!;
      return { centre: [at(0), at(1), at(2)], spacing: [plane.columnSpacing, plane.rowSpacing, stack.sliceSpacing!] };
    }, CENTRE);
    for (const axis of [0, 1, 2]) {
      const [low = 0, high = 0] = surface!.bounds.slice(2 * axis, 2 * axis + 2);
      const spacing = place.spacing[axis]!;
      // An axial series: columns run along x, rows along y. A voxel more or less at each end.
      expect(Math.abs((low + high) / 2 - place.centre[axis]!)).toBeLessThan(spacing);
      expect(Math.abs(high - low - 2 * RADII[axis]! * spacing)).toBeLessThan(2 * spacing);
    }
    await page.evaluate(() => window.viewerHarness.undo());
    await expect.poll(async () => (await surfaces()).length, { timeout: 30_000 }).toBe(0);
    await settled();
    expect(await yellowPixels()).toBe(0);
  });

  it('begin where the last box is, and come to the next one unless they cut it', async () => {
    const labels = () =>
      page.evaluate(() =>
        (['coronal', 'sagittal'] as const).map(
          (slot) => window.viewerHarness.viewer.slotInfo(slot).getState().sliceLabel,
        ),
      );
    const box = async (x: number, y: number, half: number) => {
      await page.evaluate(
        ([i, j, r]) => window.viewerHarness.viewer.bringPlanes?.(23, { x0: i - r, y0: j - r, x1: i + r, y1: j + r }),
        [x, y, half] as const,
      );
      await settled();
    };
    // Before there are planes.
    await box(30, 40, 6);
    await quad();
    const first = await labels();
    await box(90, 100, 6);
    const second = await labels();
    for (const axis of [0, 1]) expect(second[axis]).not.toBe(first[axis]);
    // It is cut already, though not through its middle.
    await box(92, 98, 9);
    expect(await labels()).toEqual(second);
    await box(30, 40, 6);
    expect(await labels()).toEqual(first);
  });

  it('turn the volume by pointer and by key, with the letters of its edges', async () => {
    await quad();
    expect(await letters()).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    await page.evaluate(() => {
      window.viewerHarness.viewer.setActiveSlot('solid');
      window.viewerHarness.viewer.turnVolume(90, 0);
    });
    // From the front to the patient's right side: the chest is at the right.
    await expect.poll(letters).toMatchObject({ top: 'H', right: 'A' });
    await page.mouse.move(752, 572);
    await page.mouse.down();
    await page.mouse.move(752, 700, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await letters())?.top).not.toBe('H');
  });

  it('leave nothing behind: no viewport, actor, texture or byte of the 3D view', async () => {
    await page.evaluate(([centre, radii]) => window.viewerHarness.addBall(1, centre, radii), [CENTRE, RADII] as const);
    await settled();
    const before = await held();
    await quad();
    await expect.poll(async () => (await surfaces()).length, { timeout: 30_000 }).toBe(1);
    const during = await held();
    expect(during.viewports).toHaveLength(4);
    expect(during.actors).toBeGreaterThan(before.actors + 3);
    await page.evaluate(() => window.viewerHarness.viewer.setLayout('stack'));
    await settled();
    expect(await held()).toEqual(before);
    // A layout that is only passed through.
    await page.evaluate(() => {
      window.viewerHarness.viewer.setLayout('quad');
      window.viewerHarness.viewer.setLayout('stack');
    });
    await settled();
    expect(await held()).toEqual(before);
  });
});
