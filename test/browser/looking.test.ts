import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { harnessPage, openCt } from './viewer/harnessPage.ts';
import { onDisk, present } from './viewer/realSeries.ts';
import type { SeriesOnDisk } from './viewer/studyServer.ts';

/** The PET, which is in SUV, as a scanner would store it: 80 kg, 400 MBq, corrected to the injection make 5000 Bq/ml of 1 SUV. */
function inActivity(pet: SeriesOnDisk, weight: readonly number[]): SeriesOnDisk {
  const element = (vr: string, ...Value: readonly unknown[]) => ({ vr, Value });
  const injection = { '00181074': element('DS', 4e8), '00181075': element('DS', 6586.2) };
  const headers = pet.headers.map((header) => ({
    ...header,
    '00101030': element('DS', ...weight),
    '00280051': element('CS', 'DECY', 'ATTN'),
    '00281053': element('DS', 5000 * Number(header['00281053']?.Value?.[0])),
    '00540016': element('SQ', injection),
    '00541001': element('CS', 'BQML'),
    '00541102': element('CS', 'ADMIN'),
  }));
  return { ...pet, headers };
}

/** How a reader looks at a series: turning, enlarging, measuring, running through it. Nothing of it changes a voxel. */
describe.skipIf(!hasChromium || !present('ct'))('looking at a series in Chromium', () => {
  let page: Page;
  let complaints: readonly string[];
  harnessPage(
    () => {
      const pet = onDisk('pet');
      return new Map(
        Object.entries({ ct: onDisk('ct'), pet, activity: inActivity(pet, [80]), weightless: inActivity(pet, []) }),
      );
    },
    (...fresh) => {
      [page, complaints] = fresh;
    },
  );
  beforeEach(() => openCt(page));
  afterEach(() => expect(complaints).toEqual([]));

  /** As it is written in the next frame. */
  const info = () =>
    page.evaluate(async () => {
      await new Promise(requestAnimationFrame);
      return window.viewerHarness.viewer.slotInfo('acquisition').getState();
    });
  const slice = () => page.evaluate(() => window.viewerHarness.viewer.currentSlice.getState());

  it('turns and mirrors the image with its letters, keeps both while scrolling, and undoes both', async () => {
    await page.evaluate(() => window.viewerHarness.viewer.flip('horizontal'));
    expect((await info()).orientation).toEqual({ left: 'L', right: 'R', top: 'A', bottom: 'P' });
    await page.evaluate(() => window.viewerHarness.viewer.flip('horizontal'));
    await page.evaluate(() => window.viewerHarness.viewer.flip('vertical'));
    expect((await info()).orientation).toEqual({ left: 'R', right: 'L', top: 'P', bottom: 'A' });
    await page.evaluate(() => window.viewerHarness.viewer.flip('vertical'));
    await page.evaluate(() => window.viewerHarness.viewer.rotate(90));
    expect((await info()).orientation).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
    const before = await slice();
    await page.evaluate(() => window.viewerHarness.viewer.scroll(3));
    await expect.poll(slice).toBe(before + 3);
    expect((await info()).orientation).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
    await page.evaluate(() => window.viewerHarness.viewer.flip('horizontal'));
    expect((await info()).orientation).toEqual({ left: 'A', right: 'P', top: 'R', bottom: 'L' });
    await page.evaluate(() => window.viewerHarness.viewer.resetView());
    expect(await info()).toMatchObject({ orientation: { left: 'R', right: 'L', top: 'A', bottom: 'P' }, zoom: 1 });
    expect(await slice()).toBe(before + 3);
  });

  it('brings a lesion to the middle of the pane, at a size at which it can be judged', async () => {
    const box = { x0: 30, y0: 20, x1: 44, y1: 34 };
    await page.evaluate((b) => window.viewerHarness.viewer.zoomTo(30, b), box);
    await expect.poll(slice).toBe(30);
    expect((await info()).zoom).toBeGreaterThan(2);
    await page.mouse.move(250, 190);
    const under = () => page.evaluate(() => window.viewerHarness.viewer.cursor.getState()?.voxel);
    await expect.poll(under).toEqual([37, 27, 30]);
  });

  it('says the value under the pointer, that of the stored pixels, and nothing outside of the image', async () => {
    await page.mouse.move(250, 190);
    const cursor = () => page.evaluate(() => window.viewerHarness.viewer.cursor.getState());
    await expect.poll(cursor).toMatchObject({ slot: 'acquisition' });
    const seen = await cursor();
    const [i = 0, j = 0, k = 0] = seen?.voxel ?? [];
    const stored = await page.evaluate(
      async ([x, y, z]) => {
        const pixels = await window.viewerHarness.viewer.slicePixels(z);
        return pixels.ok ? pixels.value.values[y * pixels.value.columns + x] : undefined;
      },
      [i, j, k] as const,
    );
    expect(seen?.value).toBe(`${stored} HU`);
    await page.mouse.move(250, 790);
    await expect.poll(cursor).toBeUndefined();
  });

  it('tells PET in SUV whether the file does or has all that it takes, with presets to match, and else in Bq/ml', async () => {
    const look = async (name: string) => {
      await page.mouse.move(990, 790);
      await page.evaluate((series) => window.viewerHarness.open(series, 'wado-rs'), name);
      await page.evaluate(() => window.viewerHarness.loaded());
      await page.evaluate(() => window.viewerHarness.viewer.goToSlice(20));
      await page.evaluate(() => window.viewerHarness.settled());
      await page.mouse.move(250, 190);
      const value = () => page.evaluate(() => window.viewerHarness.viewer.cursor.getState()?.value);
      await expect.poll(value).toBeDefined();
      const presets = await page.evaluate(() =>
        window.viewerHarness.viewer.presets.getState().map((preset) => preset.name),
      );
      return { value: await value(), presets, window: (await info()).windowText };
    };
    const stored = await look('pet');
    expect(stored.value).toMatch(/^\d+\.\d\d SUVbw$/);
    expect(stored).toMatchObject({ window: 'W 7 L 3.50' });
    expect(stored.presets.slice(0, 3)).toEqual(['SUV 0–5', 'SUV 0–7', 'SUV 0–10']);
    expect(await look('activity')).toEqual(stored);
    const weightless = await look('weightless');
    expect(weightless.value).toMatch(/ Bq\/ml$/);
    expect(Number.parseFloat(weightless.value ?? '')).toBeCloseTo(5000 * Number.parseFloat(stored.value ?? ''), -2);
    expect(weightless.presets[0]).toBe('Auto');
  });

  it('runs through the slices, round the end, until the reader scrolls', async () => {
    await page.evaluate(() => {
      const { viewer } = window.viewerHarness;
      viewer.goToSlice(45);
      viewer.setFramesPerSecond(30);
      viewer.setPlaying(true);
    });
    await expect.poll(slice, { timeout: 20_000 }).toBeLessThan(40);
    await page.evaluate(() => window.viewerHarness.viewer.goToSlice(20));
    expect(await page.evaluate(() => window.viewerHarness.viewer.playing.getState())).toBe(false);
    await page.evaluate(() => window.viewerHarness.settled());
    expect(await slice()).toBe(20);
  });

  it.each([
    ['Length', 2],
    ['Angle', 3],
    ['Bidirectional', 4],
    ['EllipticalROI', 4],
  ] as const)('measures by keys: %s from %i points of the crosshair', async (tool, points) => {
    const left = await page.evaluate(
      async ([name, count]) => {
        const { viewer } = window.viewerHarness;
        viewer.activateTool(name);
        viewer.setCrosshairs(true);
        const wanted: (number | undefined)[] = [];
        const steps = [
          [0, 0],
          [20, 0],
          [-10, -6],
          [0, 12],
        ] as const;
        for (const [right, down] of steps.slice(0, count)) {
          viewer.moveCrosshair(right, down);
          wanted.push(viewer.markPoint());
        }
        return wanted;
      },
      [tool, points] as const,
    );
    expect(left).toEqual(Array.from({ length: points }, (_, index) => points - 1 - index));
    const count = () => page.evaluate(() => window.viewerHarness.viewer.measurements.getState());
    await expect.poll(count).toBe(1);
    await page.evaluate(() => window.viewerHarness.settled());
    const drawn = await page.locator('svg text, svg tspan').allTextContents();
    expect(drawn.join(' ')).toMatch({ Length: /mm/, Angle: /°/, Bidirectional: /mm/, EllipticalROI: /mm²|cm²/ }[tool]);
    await page.evaluate(() => window.viewerHarness.viewer.removeLastMeasurement());
    await expect.poll(count).toBe(0);
  });

  it('measures by pointer: a length of as many millimetres as the scale says', async () => {
    await page.evaluate(() => window.viewerHarness.viewer.activateTool('Length'));
    const { millimetresPerPixel } = await info();
    await page.mouse.move(200, 150);
    await page.mouse.down();
    await page.mouse.move(300, 150, { steps: 4 });
    await page.mouse.up();
    await page.evaluate(() => window.viewerHarness.settled());
    const [text = ''] = (await page.locator('svg tspan').allTextContents()).filter((line) => line.includes('mm'));
    expect(Number.parseFloat(text)).toBeCloseTo(100 * millimetresPerPixel, 0);
    await page.evaluate(() => window.viewerHarness.viewer.clearMeasurements());
    expect(await page.evaluate(() => window.viewerHarness.viewer.measurements.getState())).toBe(0);
  });
});
