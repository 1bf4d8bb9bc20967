import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../e2e/support/chromium.ts';
import { shellPage } from './app/shellPage.ts';

/** What the panel, the palette and the keys do to segments, over fakes of every port. */
describe.skipIf(!hasChromium)('segments in the shell, in Chromium', () => {
  let page: Page;
  const shell = shellPage((fresh) => {
    page = fresh;
  });

  const patientBanner = () => page.getByRole('region', { name: 'Patient' });
  const segments = () => page.getByRole('textbox', { name: 'Segment name' });

  it('opens a segmentation on its images as editable segments with measurements', async () => {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /Liver lesions/ }).click();
    await page.getByText('2 segments loaded').waitFor();
    expect(await patientBanner().count()).toBe(1);
    expect(await segments().count()).toBe(2);
    // A disc of radius 4 px at 0.8 mm: 49 px, three slices of 5 mm.
    await page.getByText('0.47 ml').waitFor();
    await page.getByText('45.0 ± 0.82').waitFor();
    await page.keyboard.press('Delete');
    await page.getByText('Not stored yet').waitFor();
    expect(await segments().count()).toBe(1);
    await page.keyboard.press('Control+z');
    expect(await segments().count()).toBe(2);
    expect(await shell.violations()).toEqual([]);
  });

  it('renames, retypes and locks a segment by keyboard; a locked one keeps its voxels', async () => {
    await shell.openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await segments().fill('Metastasis');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Type: Lesion' }).click();
    await page.getByRole('combobox', { name: 'Search types' }).fill('cyst');
    expect(await shell.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Type: Cyst' }).waitFor();
    await page.getByRole('combobox', { name: 'Side' }).selectOption('left');
    await page.getByRole('button', { name: 'Lock Metastasis' }).click();
    await page.evaluate(() => window.appHarness.paint(3));
    await page.getByText('Metastasis is locked').waitFor();
    const { labelmap, past } = await page.evaluate(() => {
      const { journal } = window.appHarness.app.labelmap.state.getState();
      return {
        past: journal.past.map(({ label }) => label),
        labelmap: { segments: journal.labelmap.segments, slices: [...(journal.labelmap.voxels.get(1)?.keys() ?? [])] },
      };
    });
    expect(labelmap.slices).toEqual([2]);
    expect(labelmap.segments[0]).toMatchObject({
      label: 'Metastasis',
      type: { value: '367643001' },
      laterality: { value: '7771000' },
    });
    expect(past).toEqual([
      'Paint Lesion 1, slice 3',
      'Rename Lesion 1',
      'Change type of Metastasis',
      'Change side of Metastasis',
    ]);
  });

  const undoable = () =>
    page.evaluate(() => window.appHarness.app.labelmap.state.getState().journal.past.map(({ label }) => label));

  it('duplicates, merges, recolours and fades segments, each but the last an undo step', async () => {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /Liver lesions/ }).click();
    await page.getByText('2 segments loaded').waitFor();
    await page.getByRole('button', { name: 'Duplicate Lesion 1' }).click();
    expect(await segments().count()).toBe(3);
    await page.getByRole('combobox', { name: 'Merge Lesion 1 copy into another segment' }).selectOption('Lesion 2');
    expect(await segments().count()).toBe(2);
    await page.getByLabel('Colour of Lesion 2').fill('#56b4e9');
    await page.getByRole('slider', { name: 'Opacity of Lesion 2' }).focus();
    await page.keyboard.press('ArrowLeft');
    const { color, opacity } = await page.evaluate(
      () => window.appHarness.app.labelmap.state.getState().journal.labelmap.segments[1]!,
    );
    expect({ color, opacity }).toEqual({ color: [86, 180, 233], opacity: 0.95 });
    expect(await undoable()).toEqual([
      'Duplicate Lesion 1',
      'Merge Lesion 1 copy into Lesion 2',
      'Change colour of Lesion 2',
    ]);
    expect(await shell.violations()).toEqual([]);
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Control+z');
    expect(await segments().count()).toBe(2);
    expect(await undoable()).toEqual([]);
  });

  it('finds a type by other words than its name, and offers what was used last first, also after a reload', async () => {
    await shell.openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.getByRole('button', { name: 'Type: Lesion' }).click();
    await page.getByRole('combobox', { name: 'Search types' }).fill('metastasis');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Type: Neoplasm, Secondary' }).waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await shell.openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.getByRole('button', { name: 'Type: Lesion' }).click();
    const options = page.getByRole('listbox', { name: /^Type/ }).getByRole('option');
    expect(await options.first().textContent()).toBe('Neoplasm, SecondaryRecent');
    await page.getByRole('combobox', { name: 'Search types' }).fill('lobe lung upper');
    expect(await options.allTextContents()).toEqual(['Upper lobe of lungAnatomical']);
  });

  it('puts the measurements on the clipboard, as text and as a table, by command', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /Liver lesions/ }).click();
    await page.getByText('2 segments loaded').waitFor();
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByText('Measurements of 2 segments are on the clipboard').waitFor();
    const csv = await page.evaluate(() => navigator.clipboard.readText());
    expect(csv.trim().split('\n')).toHaveLength(3);
    expect(csv).not.toMatch(/Berger|P-1007/);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('measurements as text');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Lesion 1 \(Lesion\)/);
    expect(await shell.violations()).toEqual([]);
  });

  it('changes a segment by rule and the brush by keys, and says so where there is nothing to change', async () => {
    await shell.openFirstSeries();
    await page.evaluate(() => {
      window.appHarness.paint(2);
      window.appHarness.paint(5);
    });
    const labelled = () =>
      page.evaluate(() => [
        ...(window.appHarness.app.labelmap.state.getState().journal.labelmap.voxels.get(1)?.keys() ?? []),
      ]);
    await page.getByRole('button', { name: 'Fill between slices' }).click();
    expect((await labelled()).sort()).toEqual([2, 3, 4, 5]);
    await page.getByRole('region', { name: 'Acquired slices' }).focus();
    await page.keyboard.press('Shift+F');
    await page.getByText('No slice is missing between two drawn ones').waitFor();
    await page.keyboard.press('Shift+L');
    await page.getByText('It is one connected part already.').waitFor();
    await page.keyboard.press('Shift+I');
    await page.getByText('There are no small separate parts.').waitFor();
    await page.keyboard.press('Shift+S');
    await page.getByText(/^Smooth: \d slices? changed\.$/).waitFor({ state: 'attached' });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect((await labelled()).sort()).toEqual([2, 5]);
    await page.keyboard.press('Shift+D');
    const radius = () => page.evaluate(() => window.appHarness.app.viewer.brushRadius.getState());
    const before = await radius();
    await page.keyboard.press(']');
    expect(await radius()).toBeGreaterThan(before);
    await page.keyboard.press('[');
    await page.keyboard.press('[');
    expect(await radius()).toBeLessThan(before);
    await page.getByRole('textbox', { name: 'Paint up to' }).fill('180');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Paint from' }).fill('90');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => window.appHarness.app.viewer.brushRange.getState())).toEqual({
      lower: 90,
      upper: 180,
    });
    expect(await shell.violations()).toEqual([]);
  });

  it('asks before unsaved segments are lost, in the app and when the page is left', async () => {
    await shell.openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.getByRole('button', { name: /Dynamic, three phases/ }).click();
    await page.getByRole('dialog', { name: 'Leave unsaved segments?' }).waitFor();
    expect(await shell.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Keep working' }).click();
    expect(await segments().count()).toBe(1);
    const asked: string[] = [];
    page.once('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    expect(asked).toEqual(['beforeunload']);
  });
});
