import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, type ShellHarness, startShell } from './app/startShell.ts';

/** The shell over fakes of every port, built for production. */
describe.skipIf(!hasChromium)('the shell in Chromium', () => {
  let shell: ShellHarness;
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    shell = await startShell();
  });
  afterAll(() => shell?.stop());

  beforeEach(async () => {
    ({ page, complaints } = await shell.newPage());
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  const violations = (): Promise<readonly string[]> => shell.violations(page);

  async function openFirstSeries(): Promise<void> {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /CT Abdomen 5 mm/ }).click();
    await page.getByText('Slice 1 / 12').waitFor();
  }

  const patientBanner = () => page.getByRole('region', { name: 'Patient' });
  const segments = () => page.getByRole('textbox', { name: 'Segment name' });

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
    expect(await violations()).toEqual([]);
  });

  it('says nothing matches, and what to do', async () => {
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No study matches').waitFor();
  });

  it('opens a series with the patient in the banner and not on the image', async () => {
    await openFirstSeries();
    expect(await patientBanner().textContent()).toMatch(/Berger, Anna[\s\S]*P-1007[\s\S]*1961-04-23[\s\S]*F/);
    expect(await page.getByRole('main').textContent()).not.toMatch(/Berger|P-1007/);
    expect(await violations()).toEqual([]);
  });

  it('refuses segmentation on a series that can only be viewed, and says why before anything is drawn', async () => {
    await page.getByRole('button', { name: /Berger, Anna/ }).click();
    await page.getByRole('button', { name: /Dynamic, three phases/ }).click();
    await page.getByText(/6 slices lie where another one does/).waitFor();
    await page.keyboard.press('b');
    await page.getByText('Box around a lesion').last().waitFor();
    const tool = await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState());
    expect(tool).toBe('WindowLevel');
    expect(await violations()).toEqual([]);
  });

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
    expect(await violations()).toEqual([]);
  });

  it('renames, retypes and locks a segment by keyboard; a locked one keeps its voxels', async () => {
    await openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await segments().fill('Metastasis');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Type: Lesion' }).click();
    await page.getByRole('combobox', { name: 'Search types' }).fill('cyst');
    expect(await violations()).toEqual([]);
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
    expect(await violations()).toEqual([]);
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Control+z');
    expect(await segments().count()).toBe(2);
    expect(await undoable()).toEqual([]);
  });

  it('finds a type by other words than its name, and offers what was used last first, also after a reload', async () => {
    await openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.getByRole('button', { name: 'Type: Lesion' }).click();
    await page.getByRole('combobox', { name: 'Search types' }).fill('metastasis');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Type: Neoplasm, Secondary' }).waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await openFirstSeries();
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
    expect(await violations()).toEqual([]);
  });

  it('changes a segment by rule and the brush by keys, and says so where there is nothing to change', async () => {
    await openFirstSeries();
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
    expect(await violations()).toEqual([]);
  });

  it('has a cursor for the keyboard that is to the image what a mouse is', async () => {
    await openFirstSeries();
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
    expect(await violations()).toEqual([]);
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
    expect(await violations()).toEqual([]);
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
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('Slice 6 / 12').waitFor();
    await page.keyboard.press('b');
    expect(await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState())).toBe('Box');
    await page.keyboard.press('3');
    expect(await page.evaluate(() => window.appHarness.app.viewer.displayWindow.getState()?.upper)).toBe(1300);
  });

  it('does not fire keys while typing, nor behind a dialog', async () => {
    await openFirstSeries();
    await page.getByRole('searchbox').fill('b');
    await page.keyboard.press('b');
    expect(await page.getByRole('searchbox').inputValue()).toBe('bb');
    await page.getByRole('region', { name: 'Acquired slices' }).focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('b');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => window.appHarness.app.viewer.activeTool.getState())).toBe('WindowLevel');
  });

  it('asks before unsaved segments are lost, in the app and when the page is left', async () => {
    await openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.getByRole('button', { name: /Dynamic, three phases/ }).click();
    await page.getByRole('dialog', { name: 'Leave unsaved segments?' }).waitFor();
    expect(await violations()).toEqual([]);
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

  it.each(['light', 'contrast'] as const)('has enough contrast in the %s theme', async (theme) => {
    await openFirstSeries();
    await page.evaluate(() => window.appHarness.paint(2));
    await page.evaluate((name) => window.appHarness.app.settings.change({ theme: name }), theme);
    await page.getByText('Not stored yet').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('fits a small screen: the study list makes room for the image', async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await openFirstSeries();
    await page.getByRole('navigation', { name: 'Studies' }).waitFor({ state: 'detached' });
    const image = await page.getByRole('region', { name: 'Acquired slices' }).boundingBox();
    expect(image?.width).toBeGreaterThan(700);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
  });
});
