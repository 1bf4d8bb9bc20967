import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { has, python } from '../dicom/support/programs.ts';
import { hasChromium, startChromium, watchedPage } from '../e2e/support/chromium.ts';
import { Reader } from '../e2e/support/reader.ts';
import { shot } from '../e2e/support/screen.ts';
import { storedSegmentations } from '../e2e/support/stored.ts';
import { buildPage, fileOf, typeOf } from '../support/builtPage.ts';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { type Fixtures, makeFixtures, square } from './segImport/fixtures.ts';

const bodyOf = async (request: IncomingMessage): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** The real readers and writers of segmentations in the shell, with the embedded archive behind the same origin. */
describe.skipIf(!hasChromium)('segmentations of other grids and kinds, and revisions', () => {
  let folder: string;
  let fixtures: Fixtures;
  let archive: EmbeddedArchive;
  let server: Server;
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-import-'));
    fixtures = await makeFixtures(folder);
    const app = join(folder, 'app');
    await buildPage(new URL('segImport', import.meta.url), app, [react()], false);
    archive = await startEmbeddedArchive({ folders: [join(folder, 'images')] });
    server = createServer(async (request, response) => {
      const { pathname, search } = new URL(request.url ?? '/', 'http://x');
      if (pathname.startsWith('/dicom-web')) {
        const { accept = '*/*', 'content-type': type } = request.headers;
        const answer = await fetch(`${archive.origin}${pathname}${search}`, {
          method: request.method ?? 'GET',
          headers: { accept, ...(type === undefined ? {} : { 'content-type': type }) },
          ...(request.method === 'POST' ? { body: await bodyOf(request) } : {}),
        });
        const contentType = answer.headers.get('content-type');
        response.writeHead(answer.status, contentType === null ? {} : { 'Content-Type': contentType });
        response.end(Buffer.from(await answer.arrayBuffer()));
        return;
      }
      const body = await readFile(join(app, fileOf(pathname))).catch(() => undefined);
      response.writeHead(body !== undefined ? 200 : pathname === '/favicon.ico' ? 204 : 404, {
        'Content-Type': typeOf(fileOf(pathname)),
      });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await startChromium();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await archive?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function dropped() {
    const { page, complaints } = await watchedPage(browser, url);
    const reader = new Reader(page);
    await reader.drop([...fixtures.images, fixtures.fractional, fixtures.shifted]);
    const local = page.getByRole('region', { name: 'Source: Local files' });
    const row = (name: RegExp) => local.getByRole('button', { name });
    await row(/Shifted/).waitFor();
    return { page, complaints, reader, row, dialog: page.getByRole('dialog') };
  }

  it('asks for the threshold of fractions, tells it, and takes another one', async () => {
    const { page, complaints, reader, row, dialog } = await dropped();
    await row(/Fractional/).click();
    await dialog.getByRole('heading', { name: 'Which voxels are inside?' }).waitFor();
    await dialog.getByText('50 %').waitFor();
    await shot(page, 'seg-threshold');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText(/a probability of at least 50 %/).waitFor();
    expect(await reader.shownVoxels()).toEqual([{ [fixtures.instanceOf(2)]: [2, 3] }]);

    await row(/Fractional/).click();
    await dialog.getByRole('slider', { name: 'Threshold' }).focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowLeft');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByText(/a probability of at least 30 %/).waitFor();
    expect(await reader.shownVoxels()).toEqual([{ [fixtures.instanceOf(2)]: [1, 2, 3] }]);
    expect(complaints).toEqual([]);
  });

  it('resamples another grid after a yes, keeps what is open after a no, and stores revisions that pydicom follows', async () => {
    const { page, complaints, reader, row, dialog } = await dropped();
    await row(/Shifted/).click();
    await dialog.getByText(/Both have 16 x 16 pixels of 1 x 1 mm, but not in the same places/).waitFor();
    await shot(page, 'seg-resample');
    await dialog.getByRole('button', { name: 'Do not open' }).click();
    await page.getByText('The segmentation was not opened.').waitFor();
    expect(await reader.shownVoxels()).toEqual([]);
    await row(/Shifted/).click();
    await dialog.getByRole('button', { name: 'Resample' }).click();
    await page.getByText(/Resampled to the grid of the open series/).waitFor();
    expect(await reader.shownVoxels()).toEqual([{ [fixtures.instanceOf(3)]: square(4, 7) }]);
    await shot(page, 'seg-resampled');
    await page.getByRole('button', { name: 'Dismiss' }).first().click();

    // From the drop into the archive, as a series of its own.
    await page.evaluate(() => window.paint(2, [17, 18]));
    await reader.press('Control+s');
    await dialog.getByRole('combobox', { name: 'Save as' }).selectOption('new-series');
    await saved();

    // Opened from the archive again and revised, twice.
    await page.reload();
    await reader.openSegmentation(/Tiny, Täst/, /Embedded archive/);
    await page.evaluate(() => window.paint(1, [33, 34, 35]));
    await reader.press('Control+s');
    await dialog.getByText(/^Joins series 300/).waitFor();
    await shot(page, 'seg-revision');
    await saved();
    await page.evaluate(() => window.paint(0, [50]));
    await reader.press('Control+s');
    await dialog.getByRole('combobox', { name: 'Format' }).selectOption('LABELMAP');
    await shot(page, 'seg-label-map');
    await saved();
    expect(complaints).toEqual([]);

    const stored = await storedSegmentations(archive.root, fixtures.study);
    expect(stored).toHaveLength(3);
    if (!has.pydicom) return;
    const files = await Promise.all(
      stored.map(async (bytes, index) => {
        await writeFile(join(folder, `stored-${index}.dcm`), bytes);
        return join(folder, `stored-${index}.dcm`);
      }),
    );
    const script = fileURLToPath(new URL('segImport/revisions.py', import.meta.url));
    const [first, second, third] = JSON.parse(python(script, files)) as readonly [Revision, Revision, Revision];
    expect(first).toMatchObject({ kind: 'BINARY', instance: 1, revises: [], voxels: 18 });
    const { series, seriesNumber, tracking } = first;
    const same = { series, seriesNumber, tracking };
    expect(second).toMatchObject({ kind: 'BINARY', instance: 2, revises: [first.sop], voxels: 21, ...same });
    expect(third).toMatchObject({ kind: 'LABELMAP', instance: 3, revises: [second.sop], voxels: 22, ...same });

    async function saved(): Promise<void> {
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      await dialog.getByRole('heading', { name: /^(Stored|Not )/ }).waitFor();
      expect(await dialog.textContent()).toMatch(/^Stored/);
      await dialog.getByRole('button', { name: 'Done' }).click();
    }
  });
});

interface Revision {
  readonly sop: string;
  readonly series: string;
  readonly seriesNumber: number;
  readonly tracking: readonly string[];
}
