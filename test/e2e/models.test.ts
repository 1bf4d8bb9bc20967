import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { type ModelHost, startModelHost } from '../support/models/modelHost.ts';
import { tinyFile, tinyManifest, writeTinyFolder } from '../support/models/tinyFolder.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { dropFiles } from './support/dropFiles.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { startViewer, type ViewerServer } from './support/viewerServer.ts';

/** A name that would be a page, were it ever taken for one. */
const NAME = 'Tiny <img src=x onerror=window.hacked=1>';
const PATIENCE = { timeout: 180_000 };

describe.skipIf(!hasChromium)('a model of the hospital', () => {
  let browser: Browser;
  let folder: string;
  let server: ViewerServer;
  let host: ModelHost;

  beforeAll(async () => {
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-models-'));
    await lesionCt(join(folder, 'ct'));
    await writeTinyFolder(join(folder, 'models'), 'mobile-sam', {
      'manifest.json': tinyManifest('mobile-sam', (manifest) => Object.assign(manifest, { name: NAME })),
      LICENSE: 'You may use this. <script>window.hacked=2</script>',
    });
    await writeTinyFolder(join(folder, 'models'), 'sam2');
    const spoiled = tinyFile('edge-sam', 'decoder.onnx');
    spoiled[200] = spoiled[200]! ^ 1;
    await writeTinyFolder(join(folder, 'models'), 'edge-sam', { 'decoder.onnx': spoiled });
    host = await startModelHost(join(folder, 'models'));
    server = await startViewer('--no-demo', '--model-host', host.origin, join(folder, 'ct'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const dialogOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Models' });
  const rowOf = (page: Page, name: string): Locator => dialogOf(page).getByRole('listitem', { name, exact: true });

  async function opened(page: Page): Promise<Reader> {
    const reader = new Reader(page);
    await reader.openSeries(/Tiny, Täst/, /9 images/);
    await reader.goToSlice(MIDDLE);
    return reader;
  }

  /** Chooses a folder in the browser's own dialog, which `press` opens. */
  async function give(page: Page, name: string, press: () => Promise<void>): Promise<void> {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()]);
    await chooser.setFiles(join(folder, 'models', name));
  }

  /** Drops a folder's files on the window. */
  const drop = (page: Page, name: string): Promise<void> => {
    const at = join(folder, 'models', name);
    return dropFiles(
      page,
      readdirSync(at).map((file) => join(at, file)),
    );
  };

  /** A box on the lesion, accepted at once: how many pixels it has, and which model the segment names. */
  async function boxed(
    page: Page,
    reader: Reader,
  ): Promise<{ readonly pixels: number; readonly by: string | undefined }> {
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.answered();
    await reader.samPanel.getByRole('button', { name: 'Accept this slice' }).click();
    await page.waitForFunction(() => globalThis.voxprompt.labelmap.state.getState().journal.past.length > 0);
    const [voxels] = await reader.shownVoxels();
    const by = await page.evaluate(() => {
      const [segment] = globalThis.voxprompt.labelmap.state.getState().journal.labelmap.segments;
      return (segment as { readonly algorithm?: { readonly name: string } } | undefined)?.algorithm?.name;
    });
    return { pixels: Object.values(voxels ?? {}).flat().length, by };
  }

  it('is added from a folder, answers a box, is there after a reload, and gone when deleted', async () => {
    const { page, complaints } = await watchedPage(browser, server.url);
    const reader = await opened(page);
    const dialog = dialogOf(page);
    const choose = () => dialog.getByRole('button', { name: 'Choose a folder' }).click();
    await reader.samPanel.getByRole('button', { name: 'Manage models' }).click();
    await rowOf(page, 'LiteMedSAM').waitFor();
    expect(await violations(page)).toEqual([]);

    // Its licence declined, it stays out.
    await give(page, 'mobile-sam', choose);
    await dialog.getByText('You may use this. <script>window.hacked=2</script>').waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'models-offer');
    await dialog.getByRole('button', { name: 'Do not add' }).click();
    await dialog.getByText('No model has been added in this browser.').waitFor();

    // A file that is not the one of the manifest keeps the whole model out.
    await drop(page, 'edge-sam');
    await dialog.getByRole('button', { name: 'Accept the licence and add' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/decoder\.onnx is not the file that the model's manifest names/)
      .waitFor(PATIENCE);
    expect(await violations(page)).toEqual([]);
    await shot(page, 'models-refused');
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await page.evaluate(async () => (await (await caches.open('voxprompt-added-models')).keys()).length)).toBe(
      0,
    );

    await give(page, 'mobile-sam', choose);
    await dialog.getByRole('button', { name: 'Accept the licence and add' }).click();
    await dialog.getByRole('button', { name: 'Use it now' }).click(PATIENCE);
    await rowOf(page, NAME).getByText('In use').waitFor();
    await rowOf(page, NAME)
      .getByText(/Self-test passed on .+ of a test disc it found (0\.9\d|1\.00)/)
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await shot(page, 'models-list');
    await page.keyboard.press('Escape');
    const first = await boxed(page, reader);
    expect(first.by).toBe(NAME);
    expect(first.pixels).toBeGreaterThan(300);

    await page.reload();
    const again = await opened(page);
    await again.samPanel.getByRole('combobox', { name: 'Model that answers boxes and points' }).waitFor();
    expect(await again.samPanel.getByRole('combobox', { name: /answers boxes/ }).inputValue()).toBe('tiny-mobile-sam');
    await again.samPanel.getByRole('button', { name: 'Manage models' }).click();
    await rowOf(page, NAME).getByRole('button', { name: 'Delete' }).click();
    await rowOf(page, NAME).getByRole('group').getByRole('button', { name: 'Delete' }).click();
    await rowOf(page, NAME).waitFor({ state: 'detached' });
    await rowOf(page, 'LiteMedSAM').getByText('In use').waitFor();
    expect(await page.evaluate(async () => (await (await caches.open('voxprompt-added-models')).keys()).length)).toBe(
      0,
    );
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is added by keyboard alone, from the command palette', async () => {
    const { page } = await watchedPage(browser, server.url, 1024, 768);
    // Playwright takes the browser's own dialog over only once somebody listens: a key would be faster than that.
    page.on('filechooser', () => {});
    await page.getByRole('navigation', { name: 'Studies' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('manage models');
    await page.keyboard.press('Enter');
    await rowOf(page, 'LiteMedSAM').waitFor();
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 30; step += 1) {
        const focused = await page.evaluate(() => document.activeElement?.textContent);
        if (focused === name) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${name} cannot be reached by Tab`);
    };
    await tabTo('Choose a folder');
    await give(page, 'sam2', () => page.keyboard.press('Enter'));
    await dialogOf(page).getByRole('heading', { name: 'Add Tiny sam2?' }).waitFor();
    await tabTo('Accept the licence and add');
    await page.keyboard.press('Enter');
    await dialogOf(page).getByRole('heading', { name: 'Tiny sam2 is here' }).waitFor(PATIENCE);
    await tabTo('Use it now');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Tiny sam2').getByText('In use').waitFor();
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog').getByRole('button', { name: 'Manage models' }).click();
    await rowOf(page, 'Tiny sam2').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it('is recognised without a manifest, and asked for what its files do not say', async () => {
    await writeTinyFolder(join(folder, 'models'), 'medsam', { 'manifest.json': undefined });
    const { page } = await watchedPage(browser, server.url, 1024, 768);
    await page.getByRole('navigation', { name: 'Studies' }).waitFor();
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog').getByRole('button', { name: 'Manage models' }).click();
    const dialog = dialogOf(page);
    await give(page, 'medsam', () => dialog.getByRole('button', { name: 'Choose a folder' }).click());
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/the values that the model expects are needed/)
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('combobox', { name: 'Values that the model expects' }).selectOption('unit');
    await dialog.getByRole('textbox', { name: 'Licence, by its name or SPDX id' }).fill('LicenseRef-ours');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('There was no hash to compare the files with.').waitFor();
    await dialog.getByRole('button', { name: 'Accept the licence and add' }).click();
    await dialog.getByRole('heading', { name: 'medsam is here' }).waitFor(PATIENCE);
    await page.close();
  });

  it('is added by its address from a host that the installation names, and works when that host is gone', async () => {
    const { page } = await watchedPage(browser, server.url);
    const reader = await opened(page);
    const dialog = dialogOf(page);
    const lookAt = async (address: string): Promise<void> => {
      await dialog.getByRole('textbox', { name: 'Address of a manifest.json' }).fill(address);
      await page.keyboard.press('Enter');
    };
    await reader.samPanel.getByRole('button', { name: 'Manage models' }).click();
    await dialog.getByText(host.origin).waitFor();
    expect(host.asked).toEqual([]);

    await lookAt('https://elsewhere.example/models/sam2/');
    await dialog
      .getByRole('alert')
      .getByText(/start(ed)? with --model-host https:\/\/elsewhere\.example/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();

    await lookAt(`${host.origin}/sam2/`);
    await dialog.getByText(/Your browser will fetch 2 files, .+ from 127\.0\.0\.1:\d+/).waitFor();
    expect(host.asked).toEqual(['/sam2/manifest.json', '/sam2/LICENSE']);
    await dialog.getByRole('button', { name: 'Accept the licence and add' }).click();
    await dialog.getByRole('button', { name: 'Use it now' }).click(PATIENCE);
    expect(host.asked.slice(2).sort()).toEqual(['/sam2/decoder.onnx', '/sam2/encoder.onnx']);

    await host.stop();
    await page.reload();
    const later = await opened(page);
    const { pixels, by } = await boxed(page, later);
    expect(by).toBe('Tiny sam2');
    expect(pixels).toBeGreaterThan(300);
    await page.close();
  });
});
