import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { shellPage } from './app/shellPage.ts';

/** Layouts as the reader handles them, over fakes of every port. */
describe.skipIf(!hasChromium)('the layouts of the reading room in Chromium', () => {
  let page: Page;
  const shell = shellPage((fresh) => {
    page = fresh;
  });
  beforeEach(() => shell.openFirstSeries());

  const first = () => page.getByRole('region', { name: 'Acquired slices' });
  const second = () => page.getByRole('region', { name: 'Second series' });
  const shown = () =>
    page.evaluate(() => {
      const { viewer } = window.appHarness.app;
      return [viewer, viewer.companion].map(({ openSeries }) => openSeries.getState()?.series.seriesInstanceUID);
    });
  const places = () => page.evaluate(() => window.appHarness.app.viewer.slots.getState());

  it('shows two series by mouse: chosen, exchanged by dragging, swapped, closed', async () => {
    await page.getByRole('button', { name: 'Layout: two series side by side' }).click();
    await expect.poll(shown).toEqual(['1.2.1.1', '1.2.1.2']);
    await second().getByText('Not linked: a series names no frame of reference').waitFor();
    await first().getByText('Segmenting').waitFor();
    expect(await shell.violations()).toEqual([]);
    await second()
      .getByRole('button', { name: /Series to compare with/ })
      .click();
    expect(await page.getByRole('menuitemcheckbox').allTextContents()).toEqual([
      'CT Abdomen 5 mm',
      'CT Dynamic, three phases',
    ]);
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await second().getByRole('button', { name: 'Swap the two panes' }).click();
    expect(await places()).toEqual(['companion', 'acquisition']);
    await page
      .getByRole('button', { name: /CT Dynamic, three phases/ })
      .first()
      .dragTo(first());
    await expect.poll(shown).toEqual(['1.2.1.2', '1.2.1.1']);
    await second().getByRole('button', { name: 'Close this pane' }).click();
    expect(await places()).toEqual(['acquisition']);
    expect(await shown()).toEqual(['1.2.1.2', undefined]);
  });

  it('shows them by keyboard alone, and lets no key prompt in the pane that is not segmented', async () => {
    await page.keyboard.press('y');
    await expect.poll(shown).toEqual(['1.2.1.1', '1.2.1.2']);
    await page.keyboard.press('g');
    expect(await second().evaluate((pane) => pane === document.activeElement)).toBe(true);
    await page.keyboard.press('b');
    await second().getByText('Box: use the pane that is segmented').waitFor();
    await page.keyboard.press('Shift+PageDown');
    await page.getByText('This study has no other image series.').first().waitFor();
    await page.keyboard.press('g');
    expect(await first().evaluate((pane) => pane === document.activeElement)).toBe(true);
    await page.keyboard.press('Shift+Y');
    expect(await places()).toEqual(['companion', 'acquisition']);
    await page.keyboard.press('?');
    await page.getByText('Layout: two series side by side').last().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Q');
    expect(await places()).toEqual(['acquisition']);
  });

  it('opens a series of the list in the pane that the reader works in', async () => {
    await page.keyboard.press('y');
    await expect.poll(shown).toEqual(['1.2.1.1', '1.2.1.2']);
    await page.keyboard.press('g');
    await page
      .getByRole('button', { name: /CT Abdomen 5 mm/ })
      .first()
      .click();
    await expect.poll(shown).toEqual(['1.2.1.2', '1.2.1.1']);
  });

  it('keeps the name of the layout for this tab and no series, and begins with that of the settings', async () => {
    await page.keyboard.press('y');
    await expect.poll(shown).toEqual(['1.2.1.1', '1.2.1.2']);
    expect(await page.evaluate(() => sessionStorage.getItem('voxprompt.layout'))).toBe('pair');
    await page.keyboard.press('Control+,');
    await page.getByRole('radio', { name: 'Three planes' }).click();
    await page.evaluate(() => sessionStorage.removeItem('voxprompt.layout'));
    await page.reload();
    const wanted = () => page.evaluate(() => window.appHarness.app.viewer.wantedLayout.getState());
    await expect.poll(wanted).toBe('mpr');
  });

  it('shows planes and 3D by mouse and by key, turns the volume by arrows, and says why a series has none', async () => {
    await page.getByRole('button', { name: 'Layout: planes and 3D' }).click();
    expect(await places()).toEqual(['acquisition', 'coronal', 'sagittal', 'solid']);
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('q');
    await page.keyboard.press('v');
    await page.getByRole('region', { name: '3D' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    const did = await page.evaluate(() => (window.appHarness.app.viewer as unknown as { did: readonly string[] }).did);
    expect(did).toEqual(expect.arrayContaining(['turn 15,0', 'turn 0,-15']));
    await page.keyboard.press('q');
    await page.getByRole('button', { name: /CT Dynamic, three phases/ }).click();
    await expect.poll(shown).toEqual(['1.2.1.2', undefined]);
    await page.keyboard.press('v');
    // Told under the name of the command.
    await page.getByText('Layout: planes and 3D', { exact: true }).waitFor();
    expect(await places()).toEqual(['acquisition']);
  });
});
