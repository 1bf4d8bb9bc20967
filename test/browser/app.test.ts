import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { shellPage } from './app/shellPage.ts';

/** The shell over fakes of every port, built for production. */
describe.skipIf(!hasChromium)('the shell in Chromium', () => {
  let page: Page;
  const shell = shellPage((fresh) => {
    page = fresh;
  });

  const patientBanner = () => page.getByRole('region', { name: 'Patient' });

  it('finds a study by name, modality and date, and shows its series with their segmentations', async () => {
    await page.getByRole('searchbox', { name: 'Patient name or ID' }).fill('okafor');
    await page.getByRole('button', { name: /Berger/ }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /Okafor, Chidi/ }).count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox', { name: 'Modality' }).selectOption('CT');
    await page.getByRole('button', { name: /Okafor/ }).waitFor({ state: 'detached' });
    await page.getByText('Synthetic', { exact: true }).waitFor();
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    const rows = page.getByRole('navigation').locator('li li');
    await page.getByRole('button', { name: /Liver lesions/ }).waitFor();
    const texts = await rows.allTextContents();
    expect(texts[0]).toMatch(/Abdomen 5 mm[\s\S]*Liver lesions[\s\S]*2 segments/);
    expect(await shell.violations()).toEqual([]);
  });

  it('says nothing matches, and what to do', async () => {
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No study matches').waitFor();
  });

  it('opens a series with the patient in the banner and not on the image', async () => {
    await shell.openFirstSeries();
    expect(await patientBanner().textContent()).toMatch(/Berger, Anna[\s\S]*P-1007[\s\S]*1961-04-23[\s\S]*F/);
    expect(await page.getByRole('main').textContent()).not.toMatch(/Berger|P-1007/);
    expect(await shell.violations()).toEqual([]);
  });

  it('refuses segmentation on a series that can only be viewed, and says why before anything is drawn', async () => {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /Dynamic, three phases/ }).click();
    await page.getByText(/6 slices lie where another one does/).waitFor();
    await page.keyboard.press('b');
    await page.getByText('Box around a lesion').last().waitFor();
    const tool = await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState());
    expect(tool).toBe('WindowLevel');
    expect(await shell.violations()).toEqual([]);
  });

  it('has a cursor for the keyboard that is to the image what a mouse is', async () => {
    await shell.openFirstSeries();
    await page.keyboard.press('d');
    const seen = await page.evaluate(() => {
      const events: { type: string; x: number; y: number; buttons: number }[] = [];
      const image = document.querySelector('section[aria-label="Acquired slices"] > div')!;
      for (const type of ['mousedown', 'mousemove', 'mouseup']) {
        image.addEventListener(type, (event) => {
          const { clientX, clientY, buttons } = event as MouseEvent;
          events.push({ type, x: clientX, y: clientY, buttons });
        });
      }
      Object.assign(window, { seen: events });
      return events;
    });
    expect(seen).toEqual([]);
    await page.keyboard.press('Space');
    await page.getByText('Keyboard cursor', { exact: true }).waitFor();
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.down('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.up('Space');
    const played = await page.evaluate(
      () => (window as unknown as { seen: { type: string; x: number; y: number; buttons: number }[] }).seen,
    );
    expect(played.map(({ type, buttons }) => `${type} ${buttons}`)).toEqual([
      'mousemove 0',
      'mousemove 0',
      'mousedown 1',
      'mousemove 1',
      'mouseup 0',
    ]);
    expect(played[1]!.x - played[0]!.x).toBeGreaterThanOrEqual(10);
    expect(played[4]!.y).toBeGreaterThan(played[2]!.y);
    await page.getByText('Slice 1 / 12').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await page.getByText('Slice 2 / 12').waitFor();
  });

  it('takes files dropped anywhere, lists what was refused, and shows the study under Local files', async () => {
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'slice.dcm'));
      transfer.items.add(new File(['x'], 'letter.pdf'));
      const drop = (type: string) =>
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
      drop('dragover');
      drop('drop');
    });
    const local = page.getByRole('region', { name: 'Source: Local files' });
    await local.getByRole('button', { name: /Local, File/ }).waitFor();
    await local.getByRole('button', { name: /T2 fat sat/ }).waitFor();
    await page.getByRole('button', { name: 'Show the list' }).click();
    const row = page.getByRole('row', { name: /letter.pdf/ });
    expect(await row.textContent()).toContain('The file is not a DICOM file. Choose DICOM files.');
    expect(await shell.violations()).toEqual([]);
  });

  it('is worked by keyboard alone: study, series, palette, tool, slice', async () => {
    await page.getByRole('searchbox').focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /CT Abdomen 5 mm/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Slice 1 / 12').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('five on');
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('Slice 6 / 12').waitFor();
    await page.keyboard.press('b');
    expect(await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState())).toBe('Box');
    await page.keyboard.press('3');
    expect(await page.evaluate(() => window.appHarness.app.viewer.displayWindow.getState()?.upper)).toBe(1300);
  });

  it('does not fire keys while typing, nor behind a dialog', async () => {
    await shell.openFirstSeries();
    await page.getByRole('searchbox').fill('b');
    await page.keyboard.press('b');
    expect(await page.getByRole('searchbox').inputValue()).toBe('bb');
    await page.getByRole('region', { name: 'Acquired slices' }).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('b');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState())).toBe('WindowLevel');
  });

  it.each(['light', 'contrast'] as const)('has enough contrast in the %s theme', async (theme) => {
    await shell.openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.evaluate((name) => window.appHarness.app.settings.change({ theme: name }), theme);
    await page.getByText('Not stored yet').waitFor();
    expect(await shell.violations()).toEqual([]);
  });

  it('fits a small screen: the study list makes room for the image', async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await shell.openFirstSeries();
    await page.getByRole('navigation', { name: 'Studies' }).waitFor({ state: 'detached' });
    const image = await page.getByRole('region', { name: 'Acquired slices' }).boundingBox();
    expect(image?.width).toBeGreaterThan(700);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
  });
});
