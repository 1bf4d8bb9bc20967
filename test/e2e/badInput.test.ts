import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../src/server/prepare.mjs';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import type { Fault } from '../support/faults.ts';
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

  describe('saving', () => {
    let archive: EmbeddedArchive;
    beforeAll(async () => {
      await buildIfStale();
      archive = await startEmbeddedArchive({ folders: [join(folder, 'good')] });
    });
    afterAll(() => archive.stop());

    interface Painted {
      readonly page: Page;
      readonly reader: Reader;
      readonly dialog: Locator;
    }

    /** A stroke of the brush, and the press of Save. */
    async function paintedAndSaved(faulty: (page: Page) => void | Promise<void>): Promise<Painted> {
      const { page } = await watchedPage(browser, archive.origin);
      const reader = new Reader(page);
      await reader.openSeries(PATIENT, /9 images/);
      await reader.image.focus();
      await reader.press('d');
      await reader.drag([40, 46], [60, 46]);
      await expect.poll(() => reader.undoSteps()).toBe(1);
      await reader.press('Control+s');
      const dialog = page.getByRole('dialog');
      await faulty(page);
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      return { page, reader, dialog };
    }

    /** What the dialog says, with the work still there and to be had as a file. */
    async function failure({ page, reader, dialog }: Painted, name: string): Promise<string> {
      await dialog.getByRole('alert').waitFor({ timeout: 30_000 });
      archive.lift();
      await shot(page, `save-${name}`);
      const [mask] = await reader.shownVoxels();
      expect(Object.values(mask!).flat().length).toBeGreaterThan(50);
      const downloading = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Download .dcm' }).click();
      const file = await readFile(await (await downloading).path());
      expect(file.toString('latin1', 128, 132)).toBe('DICM');
      expect(await otherFiles(page, dialog)).toEqual([
        'structure-set.dcm',
        'segmentation.nii.gz',
        'segmentation.dcm',
        'measurement-report.dcm',
      ]);
      return (await dialog.textContent()) ?? '';
    }

    /** What comes of the other kinds of file, by name. A report takes its segmentation along until the archive has that. */
    async function otherFiles(page: Page, dialog: Locator): Promise<readonly string[]> {
      const names: string[] = [];
      page.on('download', (file) => names.push(file.suggestedFilename()));
      for (const [kind, files] of [
        ['structure-set', 1],
        ['nifti', 2],
        ['report', 4],
      ] as const) {
        await dialog.getByRole('combobox', { name: 'Kind of file' }).selectOption(kind);
        await dialog.getByRole('button', { name: /^Download/ }).click();
        await expect.poll(() => names.length, { timeout: 10_000 }).toBe(files);
      }
      return names;
    }

    async function thenStored({ page, reader, dialog }: Painted, button: string): Promise<void> {
      const before = await reader.shownVoxels();
      await dialog.getByRole('button', { name: button }).click();
      await dialog.getByRole('heading', { name: 'Stored' }).waitFor({ timeout: 30_000 });
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('region', { name: 'Next step' }).getByText('Stored').waitFor();
      expect(await reader.shownVoxels()).toEqual(before);
    }

    /** Chromium sends again by itself over each connection it has kept open: the fault must outlast them. */
    const plan = (fault: Fault): void => archive.plan(...Array(10).fill(fault));
    const status = (code: number) => ({ on: 'store', kind: 'status', status: code }) as const;

    it.each([
      ['a full archive', { on: 'store', kind: 'disk-full' }, /no room left.*PACS administrator/],
      ['an object too large', status(413), /larger than the archive takes.*PACS administrator/],
      ['a session that has ended', status(401), /does not accept the credentials.*Log in again/],
      ['an archive that refuses', status(409), /refused.*HTTP 409.*PACS administrator/],
    ] as const)('%s: keeps the work, says why, and stores when the fault is gone', async (name, fault, words) => {
      const painted = await paintedAndSaved(() => archive.plan(fault));
      const said = await failure(painted, name.replaceAll(' ', '-'));
      expect(said).toMatch(/^Not stored/);
      expect(said).toMatch(words);
      await thenStored(painted, 'Send again');
    });

    it('an answer that is lost: does not send twice, but asks the archive, which has it', async () => {
      const sent: string[] = [];
      const painted = await paintedAndSaved((page) => {
        page.on('request', (request) => {
          if (request.method() === 'POST') sent.push(request.url());
        });
        plan({ on: 'store', kind: 'answer-lost' });
      });
      const said = await failure(painted, 'answer-lost');
      expect(said).toMatch(/^Not confirmed/);
      expect(said).toMatch(/may have stored/);
      await thenStored(painted, 'Ask the archive');
      expect(sent).toHaveLength(1);
    });

    it('a connection that breaks before anything is stored: asks, then sends the same object again', async () => {
      const painted = await paintedAndSaved(() => plan({ on: 'store', kind: 'dropped' }));
      expect(await failure(painted, 'dropped')).toMatch(/^Not confirmed/);
      await painted.dialog.getByRole('button', { name: 'Ask the archive' }).click();
      await painted.dialog.getByText('The archive does not have the segmentation.').waitFor();
      await shot(painted.page, 'save-dropped-asked');
      await thenStored(painted, 'Send again');
    });

    it('an archive that gives back something else: does not say stored, and makes a new object', async () => {
      const painted = await paintedAndSaved(async (page) => {
        await page.route('**/instances/*', async (route) => {
          const response = await route.fetch();
          const body = await response.body();
          const end = body.lastIndexOf('\r\n--');
          body[end - 600] = body[end - 600]! ^ 0x10;
          await route.fulfill({ response, body });
        });
      });
      const said = await failure(painted, 'altered');
      expect(said).toMatch(/^Not stored correctly/);
      expect(said).toMatch(/gave back something else than it was sent/);
      await painted.page.unroute('**/instances/*');
      await thenStored(painted, 'Save as a new object');
    });
  });
});

const filesBelow = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
