import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { shellPage } from './app/shellPage.ts';

/** The reading room: finding a study again, looking by key, settings, and a window of any width. */
describe.skipIf(!hasChromium)('the reading room in Chromium', () => {
  let page: Page;
  const shell = shellPage((fresh) => {
    page = fresh;
  });

  it('finds a study by its description and by a range of days, and clears the search in one go', async () => {
    await page.getByRole('textbox', { name: 'Study description' }).fill('thigh');
    await page.getByRole('button', { name: /Berger/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /Okafor, Chidi/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Clear search' }).click();
    await page.getByRole('button', { name: /Berger/ }).waitFor();
    await page.getByRole('combobox', { name: 'Study date' }).selectOption('range');
    await page.getByLabel('From', { exact: true }).fill('2026-11-01');
    await page.getByLabel('To', { exact: true }).fill('2026-11-10');
    await page.getByRole('button', { name: /Berger/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /Phantom, Demo/ }).count()).toBe(1);
    expect(await shell.violations()).toEqual([]);
  });

  it('has pictures of the series in view, and says when a segmentation was made', async () => {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.locator('nav canvas').first().waitFor();
    // Two image series; the dose report has no picture and the segmentation is known by its icon.
    await expect.poll(() => page.locator('nav canvas').count()).toBe(2);
  });

  it('offers the studies opened lately that the list does not show, and forgets them when told to', async () => {
    await shell.openFirstSeries();
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    const search = page.getByRole('searchbox');
    await search.fill('okafor');
    const recent = page.getByRole('region', { name: 'Recent' });
    await recent.getByRole('button', { name: 'Berger, Anna, 2026-11-20' }).click();
    await page.getByRole('button', { name: /CT Abdomen 5 mm/ }).waitFor();
    expect(await search.inputValue()).toBe('P-1007');
    expect(await page.evaluate(() => Object.keys(sessionStorage).join())).not.toMatch(/Berger|1007/);
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await search.fill('okafor');
    await recent.getByRole('button', { name: 'Forget recent studies' }).click();
    await recent.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => sessionStorage.getItem('voxprompt.recent'))).toBeNull();
  });

  it('shows the first steps until they are hidden, and again from the settings', async () => {
    const steps = page.getByRole('region', { name: 'First steps' });
    await steps.getByText('Drag a box around the lesion').waitFor();
    await steps.getByRole('button', { name: 'Hide these steps' }).click();
    await steps.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Choose a series to begin').waitFor();
    expect(await steps.count()).toBe(0);
    await page.keyboard.press('Control+,');
    expect(await shell.violations()).toEqual([]);
    await page.getByRole('radio', { name: 'Shown' }).click();
    await page.keyboard.press('Escape');
    await steps.waitFor();
  });

  it('takes window presets of the reader, gives them the first keys, and keeps them', async () => {
    await shell.openFirstSeries();
    await page.keyboard.press('Control+,');
    await page.getByRole('textbox', { name: 'Name' }).fill('Fat planes');
    await page.getByRole('textbox', { name: 'Width' }).fill('250');
    await page.getByRole('textbox', { name: 'Level' }).fill('-20');
    await page.keyboard.press('Enter');
    await page.getByText('W 250 L -20').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Acquired slices' }).focus();
    await page.keyboard.press('1');
    const displayed = () => page.evaluate(() => window.appHarness.app.viewer.displayWindow.getState());
    expect(await displayed()).toMatchObject({ lower: -145, upper: 105 });
    await page.reload();
    const kept = () => page.evaluate(() => window.appHarness.app.settings.state.getState().presets);
    expect(await kept()).toEqual([{ modality: 'CT', name: 'Fat planes', centre: -20, width: 250 }]);
  });

  it('turns, mirrors, runs and measures by key, and shows the same in a menu', async () => {
    await shell.openFirstSeries();
    for (const key of ['o', 'h', 'Shift+H', 'Alt+ArrowRight', 'Shift+Alt+ArrowDown']) await page.keyboard.press(key);
    expect(await page.evaluate(() => (window.appHarness.app.viewer as unknown as { did: string[] }).did)).toEqual([
      'rotate 90',
      'flip horizontal',
      'flip vertical',
      'crosshair 1,0',
      'crosshair 0,10',
    ]);
    await page.keyboard.press('p');
    expect(await page.evaluate(() => window.appHarness.app.viewer.playing.getState())).toBe(true);
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Measure' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: /Angle/ }).waitFor();
    expect(await shell.violations()).toEqual([]);
    await page.getByRole('menuitemcheckbox', { name: /Angle/ }).press('Enter');
    expect(await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState())).toBe('Angle');
  });

  it('says how the series was made, and nothing of the patient', async () => {
    await shell.openFirstSeries();
    await page.keyboard.press('u');
    const dialog = page.getByRole('dialog', { name: 'About this series' });
    expect(await dialog.textContent()).toMatch(/64 × 64[\s\S]*0\.80 × 0\.80 mm[\s\S]*5\.00 mm/);
    expect(await dialog.textContent()).not.toMatch(/Berger|P-1007/);
    expect(await shell.violations()).toEqual([]);
  });

  it('can be read before anything is open, in the light theme and in a narrow window', async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.evaluate(() => window.appHarness.app.settings.change({ theme: 'light' }));
    await page.getByRole('region', { name: 'First steps' }).waitFor();
    expect(await shell.violations()).toEqual([]);
    const main = await page.getByRole('main').boundingBox();
    expect(main!.x + main!.width).toBe(1024);
  });

  it.each([800, 1024, 1440])('cuts off no tool in a window %i px wide', async (width) => {
    await page.setViewportSize({ width, height: 768 });
    await shell.openFirstSeries();
    const bar = await page.getByRole('toolbar', { name: 'Tools' }).boundingBox();
    const boxes = await Promise.all(
      (await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button').all()).map((button) =>
        button.boundingBox(),
      ),
    );
    for (const box of boxes) {
      expect(box!.x + box!.width).toBeLessThanOrEqual(width);
      expect(box!.y + box!.height).toBeLessThanOrEqual(bar!.y + bar!.height);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
