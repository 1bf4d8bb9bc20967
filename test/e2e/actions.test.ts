import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { LONG_LESION_SLICES, LONG_SLICES, longLesionBox, longLesionCt } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { served } from './support/served.ts';
import { storedSegmentations } from './support/stored.ts';

/** The most that a reader may have to do from the open series to the stored object. */
const AT_MOST = 8;

describe.skipIf(!hasChromium)('how much a reader has to do, in Chromium', () => {
  const viewer = served(longLesionCt);

  it(`stores a lesion of ${LONG_LESION_SLICES} slices in at most ${AT_MOST} actions: keys, clicks and drags counted`, async () => {
    const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
    const reader = new Reader(page);
    await reader.openSeries(/Tiny, Täst/, new RegExp(`${LONG_SLICES} images`));
    // What reaches the page is counted there: presses of keys and of buttons, each once, however the test makes them.
    await page.evaluate(() => {
      const counted = { keys: 0, presses: 0, wheels: 0 };
      Object.assign(globalThis, { counted });
      const isModifier = (key: string): boolean => ['Control', 'Shift', 'Alt', 'Meta'].includes(key);
      const add = (kind: 'keydown' | 'pointerdown' | 'wheel', act: (event: Event) => void): void =>
        window.addEventListener(kind, act, { capture: true });
      add('keydown', (event) => {
        const { key, repeat } = event as KeyboardEvent;
        if (!repeat && !isModifier(key)) counted.keys += 1;
      });
      add('pointerdown', () => {
        counted.presses += 1;
      });
      add('wheel', () => {
        counted.wheels += 1;
      });
    });

    const k = await page.evaluate(() => globalThis.voxprompt.viewer.currentSlice.getState());
    const { x0, y0, x1, y1 } = longLesionBox(k);
    await reader.press('b');
    await reader.drag([x0, y0], [x1, y1]);
    await reader.offered('Propagate');
    await reader.press('Enter');
    await reader.offered(/^Accept\s*Enter$/);
    await reader.press('Enter');
    await expect.poll(() => reader.undoSteps(), { timeout: 60_000 }).toBe(1);
    const [voxels] = await reader.shownVoxels();
    await reader.press('Control+s');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save', exact: true }).waitFor();
    await reader.press('Enter');
    await dialog.getByRole('heading', { name: 'Stored' }).waitFor({ timeout: 120_000 });

    const { keys, presses, wheels } = await page.evaluate(
      () => (globalThis as unknown as { counted: { keys: number; presses: number; wheels: number } }).counted,
    );
    const slices = Object.keys(voxels!).length;
    console.log(`${keys} keys, ${presses} presses and drags, ${wheels} turns of the wheel; ${slices} slices stored`);
    expect(keys + presses + wheels).toBeLessThanOrEqual(AT_MOST);
    expect(slices).toBeGreaterThan(LONG_LESION_SLICES - 8);
    expect(slices).toBeLessThan(LONG_SLICES);
    expect(await storedSegmentations(`${viewer.server.url}/dicom-web`, viewer.made.study)).toHaveLength(1);
    expect(complaints).toEqual([]);
  }, 1_200_000);
});
