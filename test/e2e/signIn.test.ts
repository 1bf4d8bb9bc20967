import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxyRequest } from '../../src/server/proxy.ts';
import { type EmbeddedArchive, startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { freePort } from '../support/freePort.ts';
import { type OidcProvider, startOidcProvider } from '../support/oidcProvider.ts';
import { hasChromium, startChromium } from './support/chromium.ts';
import { lesionCt } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { startViewer, type ViewerServer } from './support/viewerServer.ts';

/** A PACS that wants a token, and a provider that gives them: the built product between both. */
describe.skipIf(!hasChromium)('signing in, with a PACS that wants to know who it is', () => {
  let folder: string;
  let archive: EmbeddedArchive;
  let pacs: Server;
  let provider: OidcProvider;
  let viewer: ViewerServer;
  let browser: Browser;
  let unauthorized = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-sign-in-'));
    await lesionCt(join(folder, 'ct'));
    archive = await startEmbeddedArchive({ folders: [join(folder, 'ct')] });
    pacs = createServer((request, response) => {
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      if (provider.tokens.has(token)) {
        void proxyRequest(
          request,
          response,
          { name: 'PACS', root: new URL(archive.root) },
          (request.url ?? '').replace('/dicom-web', ''),
        );
        return;
      }
      unauthorized += 1;
      response.writeHead(401).end();
    }).listen(0, '127.0.0.1');
    await new Promise((done) => pacs.once('listening', done));
    const port = await freePort();
    provider = await startOidcProvider('voxprompt', `http://127.0.0.1:${port}/`);
    const auth = join(folder, 'auth.json');
    await writeFile(auth, JSON.stringify({ kind: 'oidc', issuer: provider.issuer, clientId: 'voxprompt' }));
    const root = `http://127.0.0.1:${(pacs.address() as AddressInfo).port}/dicom-web`;
    viewer = await startViewer('--pacs', root, '--auth', auth, '--port', String(port));
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await viewer?.stop();
    provider?.stop();
    pacs?.close();
    pacs?.closeAllConnections();
    await archive?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The provider knows the reader: its window comes and goes. */
  async function throughTheWindow(page: Page): Promise<void> {
    const opened = page.context().waitForEvent('page');
    await page.getByRole('button', { name: 'Open sign-in window' }).click();
    const popup = await opened;
    await Promise.race([popup.waitForEvent('close'), popup.getByText('You can close this window.').waitFor()]);
    if (!popup.isClosed()) expect(popup.url()).not.toMatch(/code=|state=/);
  }

  it('lets the reader in, renews silently, asks again in the middle of work, and completes what was asked', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // The browser itself notes each 401, and the 400 by which the provider refuses an ended session.
      if (message.type() === 'error' && !/status of 40[01]/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(viewer.url);
    await page.getByRole('dialog', { name: 'Sign in to the archive' }).waitFor();
    await throughTheWindow(page);
    const study = page.getByRole('button', { name: /Tiny, Täst/ });
    await study.waitFor();
    expect(unauthorized).toBe(0);

    provider.end('access');
    await new Reader(page).openSeries(/Tiny, Täst/, /Tiny series/);
    expect(unauthorized).toBeGreaterThan(0);
    expect(await page.getByRole('dialog').count()).toBe(0);

    provider.end('sessions');
    await page.getByRole('searchbox').fill('tiny');
    const again = page.getByRole('dialog', { name: 'Sign in again' });
    await again.waitFor();
    if (process.env.VOXPROMPT_SHOTS !== undefined) {
      await page.screenshot({ path: join(process.env.VOXPROMPT_SHOTS, 'sign-in.png') });
    }
    await throughTheWindow(page);
    await again.waitFor({ state: 'detached' });
    await study.waitFor();
    expect(await page.getByText('Slice', { exact: false }).first().isVisible()).toBe(true);
    expect(complaints).toEqual([]);

    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
    );
    for (const token of provider.tokens) expect(stored).not.toContain(token);
    await context.close();
  });
});
