import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { type LesionCt, lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { startViewer } from './support/viewerServer.ts';

const FORMATS = fileURLToPath(new URL('../../../shared/data/formats', import.meta.url));
const REPORT = join(FORMATS, 'highdicom/sr_document.dcm');
const DCE = join(FORMATS, 'ucsf-breast-dce/3dfgre');
const PATIENT = /Tiny, Täst/;

describe.skipIf(!hasChromium)('what goes wrong, in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let ct: LesionCt;
  const open: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-bad-'));
    ct = await lesionCt(join(folder, 'good'));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const one of open.splice(0).reverse()) await one.stop();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function viewing(...options: readonly string[]) {
    const server = await startViewer('--no-demo', ...options);
    open.push(server);
    const { page, complaints } = await watchedPage(browser, server.url);
    return { page, complaints, reader: new Reader(page), server };
  }

  describe('a drop', () => {
    it('opens the good series and lists each other file with its reason', async () => {
      const { page, complaints, reader } = await viewing();
      const letter = join(folder, 'letter.dcm');
      await writeFile(letter, 'Dear colleague, thank you for referring this patient.\n'.repeat(40));
      const cut = join(folder, 'cut.dcm');
      const whole = await readFile(ct.files[3]!);
      await writeFile(cut, whole.subarray(0, whole.length - 5000));
      const reports = existsSync(REPORT) ? [REPORT] : [];
      await reader.drop([letter, cut, ...reports, ...ct.files]);
      await reader.openSeries(PATIENT, /9 images/);

      const notices = page.getByRole('region', { name: 'Notices' });
      await notices.getByText(`${2 + reports.length} files could not be used`).waitFor();
      await shot(page, 'drop-notice');
      await notices.getByRole('button', { name: 'Show the list' }).click();
      const dialog = page.getByRole('dialog', { name: /files could not be used/ });
      const row = (name: string) => dialog.getByRole('row').filter({ hasText: name }).textContent();
      expect(await row('letter.dcm')).toMatch(/not a DICOM file/i);
      expect(await row('cut.dcm')).toMatch(/is cut off\. Copy or export the file again/);
      if (reports.length > 0) expect(await row('sr_document.dcm')).toMatch(/structured report, not an image/);
      await shot(page, 'drop-list');
      expect(complaints).toEqual([]);
    });

    it('says at once what is wrong where nothing could be used', async () => {
      const { page, complaints, reader } = await viewing();
      const letter = join(folder, 'letter.dcm');
      await writeFile(letter, 'Dear colleague,\n'.repeat(40));
      await reader.drop([letter]);
      const dialog = page.getByRole('dialog', { name: '1 file could not be used' });
      await dialog
        .getByText(/letter\.dcm/)
        .first()
        .waitFor();
      await shot(page, 'drop-nothing');
      expect(await dialog.textContent()).toMatch(/Nothing was loaded/);
      expect(complaints).toEqual([]);
    });

    it('says that a slice is missing before anything is segmented, and why there are no reformats', async () => {
      const { page, complaints, reader } = await viewing();
      const gapped = await lesionCt(join(folder, 'gapped'), [5]);
      await reader.drop(gapped.files);
      await reader.openSeries(PATIENT, /8 images/);
      const banner = page.getByRole('status', { name: 'Geometry' });
      expect(await banner.textContent()).toMatch(/1 slice is missing \(after slice 5\).*reformats are switched off/);
      await shot(page, 'missing-slice');
      await reader.image.focus();
      await reader.press('a');
      await page
        .getByRole('region', { name: 'Notices' })
        .getByText(/1 slice is missing/)
        .waitFor();
      await shot(page, 'missing-slice-no-planes');
      expect(await page.getByRole('region', { name: 'Coronal' }).count()).toBe(0);
      expect(complaints).toEqual([]);
    });

    it.skipIf(!existsSync(DCE))('refuses to segment several time points in one series, with the reason', async () => {
      const { page, complaints, reader } = await viewing();
      await reader.drop(await filesBelow(DCE));
      await reader.openSeries(/Breast-MRI/, /24 images/);
      const banner = page.getByRole('status', { name: 'Geometry' });
      expect(await banner.textContent()).toMatch(/several time points or echoes/);
      expect(await page.getByRole('region', { name: 'Next step' }).textContent()).toMatch(/Viewing only/);
      await reader.image.focus();
      await reader.press('b');
      await page
        .getByRole('region', { name: 'Notices' })
        .getByText(/segmentation tools are off/)
        .waitFor();
      await shot(page, 'view-only');
      await reader.drag([20, 20], [60, 60]);
      expect(await reader.samPanel.textContent()).toMatch(/can be viewed, but not segmented/);
      expect(complaints).toEqual([]);
    });
  });

  it('names a model file that is not the one of the manifest, keeps the box, and goes on when the file is right', async () => {
    const { page, reader } = await viewing();
    const spoil = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      const body = await response.body();
      body[1000] = (body[1000] ?? 0) ^ 1;
      await route.fulfill({ response, body });
    };
    await page.context().route('**/encoder.fp16.bin', spoil);
    await reader.drop(ct.files);
    await reader.openSeries(PATIENT, /9 images/);
    await reader.goToSlice(MIDDLE);
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.samPanel
      .getByText(/encoder\.fp16\.bin is not the file/)
      .first()
      .waitFor({ timeout: 60_000 });
    await shot(page, 'wrong-hash');
    expect(await reader.prompts.textContent()).toMatch(/Slice 5/);

    await page.context().unroute('**/encoder.fp16.bin');
    await reader.samPanel.getByRole('button', { name: 'Try again' }).click();
    await reader.offered('Propagate');
    expect(await reader.prompts.textContent()).toMatch(/Slice 5/);
    expect(await reader.samPanel.getByText(/is not the file/).count()).toBe(0);
    await shot(page, 'wrong-hash-retried');
  });

  it('says that the PACS cannot be reached, offers another try, and opens local files all the same', async () => {
    const { page, reader } = await viewing('--pacs', `http://127.0.0.1:${await freePort()}/dicom-web`);
    const studies = page.getByRole('navigation', { name: 'Studies' });
    await studies.getByText(/archive cannot be reached/).waitFor({ timeout: 30_000 });
    await shot(page, 'pacs-unreachable');
    await studies.getByRole('button', { name: 'Try again' }).click();
    await studies.getByText(/archive cannot be reached/).waitFor({ timeout: 30_000 });
    await reader.drop(ct.files);
    await reader.openSeries(PATIENT, /9 images/);
    expect(await studies.getByText(/archive cannot be reached/).count()).toBe(1);
  });
});

const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
