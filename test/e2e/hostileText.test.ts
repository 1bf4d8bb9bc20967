import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshUid, tinyCt } from '../support/tinyCt.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { Reader } from './support/reader.ts';
import { startViewer, type ViewerServer } from './support/viewerServer.ts';

/** No equals sign: that one divides a person name into its groups. */
const NAME = '<s>struck</s><script>hacked()</script>';
const ID = '"><svg onload=window.hacked=2>';
const FILE = '<img src=x onerror=window.hacked=3>.dcm';

/** Text of headers and file names is text, whatever it looks like (and the page's policy would run none of it). */
describe.skipIf(!hasChromium)('text that looks like a page', () => {
  let browser: Browser;
  let server: ViewerServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-hostile-'));
    browser = await startChromium();
    server = await startViewer('--no-demo');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is shown letter by letter and never becomes an element', async () => {
    const [study, series] = [freshUid(), freshUid()];
    const files = await Promise.all(
      [1, 2, 3].map(async (instanceNumber) => {
        const path = join(folder, `${instanceNumber}.dcm`);
        const given = { study, series, instance: freshUid(), instanceNumber, patientName: NAME, patientId: ID };
        await writeFile(path, tinyCt(given));
        return path;
      }),
    );
    const named = join(folder, FILE);
    await writeFile(named, 'no DICOM at all '.repeat(20));
    const { page, complaints } = await watchedPage(browser, server.url);
    const reader = new Reader(page);
    await reader.drop([named, ...files]);
    await reader.openSeries(/<s>struck/, /3 images/);
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Show the list' }).click();
    await page.getByRole('dialog').getByText(FILE).first().waitFor();
    const seen = await page.evaluate(() => ({
      hacked: 'hacked' in window,
      elements: document.querySelectorAll('img[src="x"], svg[onload], [onerror], s').length,
      text: document.body.textContent,
    }));
    expect(seen).toMatchObject({ hacked: false, elements: 0 });
    expect(seen.text).toContain(NAME);
    expect(complaints).toEqual([]);
  });
});
