import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { previewMasks } from './support/previewMasks.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

/** ms; the models run on whatever processor the machine has to spare. */
const LONG = 1_200_000;

declare global {
  var glimpse: { readonly pixels: number; readonly panel: string | undefined } | undefined;
}

/** The real models: what a reader without a graphics card sees while the encoder still works. */
describe.skipIf(!hasChromium)('the first mask of a box, in Chromium', () => {
  const viewer = served(lesionCt);

  it(
    'is there while the preview is still computed, and is what the propagation starts from once it has settled',
    async () => {
      const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url, 1440, 900);
      const reader = new Reader(page);
      await reader.openSeries(/Tiny, Täst/, /9 images/);
      await reader.goToSlice(MIDDLE);
      await page.evaluate(() => {
        const { state } = globalThis.voxprompt.labelmap as unknown as {
          state: { subscribe(heard: () => void): void; getState(): { preview?: { slices: Map<number, Uint8Array> } } };
        };
        const panel = document.querySelector('aside[aria-label="Segmentation"]')!;
        state.subscribe(() => {
          const masks = [...(state.getState().preview?.slices.values() ?? [])];
          const pixels = masks.reduce((sum, mask) => sum + mask.reduce((of, value) => of + value, 0), 0);
          if (pixels === 0 || globalThis.glimpse !== undefined) return;
          globalThis.glimpse = { pixels, panel: undefined };
          // The panel tells of the same moment two frames later.
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              globalThis.glimpse = { pixels, panel: panel.textContent ?? '' };
            }),
          );
        });
      });
      await reader.drawBox(lesionBox(MIDDLE));
      await reader.answered();
      const glimpse = await page.evaluate(() => globalThis.glimpse);
      expect(glimpse?.pixels).toBeGreaterThan(300);
      expect(glimpse?.panel).toContain('Computing the preview.');

      const settled = (await previewMasks(page))[MIDDLE];
      await reader.press('Enter');
      await reader.offered(/^Accept\s*Enter$/);
      await shot(page, 'glimpse-1440');
      const lesion = await previewMasks(page);
      expect(Object.keys(lesion).length).toBeGreaterThan(4);
      expect(lesion[MIDDLE], 'what was seen is not changed by the propagation').toEqual(settled);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});
