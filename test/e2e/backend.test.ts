import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { hasChromium, watchedPage } from './support/chromium.ts';
import { lesionCt } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { served } from './support/served.ts';

const PATIENT = /Tiny, Täst/;
const LONG = 1_200_000;
/** A model is loaded and checked on a busy machine. */
const LOADED = { timeout: 240_000 };

/** This Chromium has no graphics card: WebGPU is not there, or in software, which is not used. */
describe.skipIf(!hasChromium)('the choice of what models run on, in Chromium', () => {
  const viewer = served(lesionCt);

  it(
    'is made by key or mouse, holds from the next start, outlives a reload, and says what is in use and why',
    async () => {
      const { page, complaints } = await watchedPage(viewer.browser, viewer.server.url);
      const reader = new Reader(page);
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await reader.openSeries(PATIENT, /9 images/);
      await reader.image.focus();
      // The palette knows it by what the reader would type.
      await reader.press('Control+k');
      await page.keyboard.type('webgpu');
      await reader.press('Enter');
      const settings = page.getByRole('dialog', { name: 'Settings' });
      const choice = settings
        .getByRole('radiogroup', { name: 'Models run on' })
        .or(settings.getByRole('group', { name: 'Models run on' }));
      await settings.getByText('Tried when the model is loaded: WebGPU first, then WebAssembly.').waitFor();
      await choice.getByText('Automatic').focus();
      await reader.press('End');
      // The group moves focus in a task of its own: a reader's hand is slower than that, a script's is not.
      const webAssembly = choice.getByText('WebAssembly');
      await expect.poll(() => webAssembly.evaluate((item) => item === document.activeElement)).toBe(true);
      await reader.press('Space');
      await expect.poll(() => webAssembly.getAttribute('data-state')).toBe('on');
      await reader.press('Escape');
      await reader.press('b');
      await reader.samPanel.getByText(/LiteMedSAM · WebAssembly/).waitFor(LOADED);
      await reader.press('Control+,');
      await settings
        .getByText(/^In use: WebAssembly.* WebGPU is not used: WebAssembly was chosen in the settings\.$/)
        .waitFor();

      await page.reload();
      await reader.openSeries(PATIENT, /9 images/);
      await reader.image.focus();
      await reader.press('b');
      await reader.samPanel.getByText(/LiteMedSAM · WebAssembly/).waitFor(LOADED);
      await reader.press('Control+,');
      await expect.poll(() => webAssembly.getAttribute('data-state')).toBe('on');

      await choice.getByText('WebGPU').click();
      await settings
        .getByText(/^WebGPU was chosen, and cannot be used here\. .+ In use: WebAssembly.*\.$/)
        .waitFor(LOADED);
      await shot(page, 'backend-settings');
      const violations = await page.evaluate(
        `${axe}; axe.run(document.querySelector('[role=dialog]')).then(({ violations }) => violations.map(({ id }) => id))`,
      );
      expect(violations).toEqual([]);
      await reader.press('Escape');
      await page
        .getByRole('region', { name: 'Notices' })
        .getByText('WebGPU was chosen, and cannot be used here.')
        .waitFor();
      const kept = await page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
      expect(kept).toContain('webgpu');
      expect(kept).not.toMatch(/T(ä|\\u00e4)st|TINY-1/i);
      expect(complaints).toEqual([]);
    },
    LONG,
  );
});
