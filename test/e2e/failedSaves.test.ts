import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../../src/server/prepare.mjs';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import type { Fault } from '../support/faults.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { lesionCt } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';

const PATIENT = /Tiny, Täst/;

/** What goes wrong while a segmentation is stored: the work stays, and is stored in the end. */
describe.skipIf(!hasChromium)('what goes wrong with saving, in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let archive: EmbeddedArchive;

  beforeAll(async () => {
    await buildIfStale();
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-saving-'));
    await lesionCt(join(folder, 'good'));
    archive = await startEmbeddedArchive({ folders: [join(folder, 'good')] });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await archive?.stop();
    await rm(folder, { recursive: true, force: true });
  });

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
