import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startChromium } from '../../e2e/support/chromium.ts';
import { buildPage } from '../../support/builtPage.ts';
import { complaintsOf } from '../complaints.ts';
import type {} from './page.ts';
import { type SeriesOnDisk, serveStudies } from './studyServer.ts';

/** The harness page, built for production and served with its studies, in Chromium. */
export interface Harness {
  /** A fresh page, with all warnings and errors of its console. */
  newPage(): Promise<{ readonly page: Page; readonly complaints: readonly string[] }>;
  stop(): Promise<void>;
}

/** @param broken frames that the archive fails to give, 'name/index'; read at each request */
export async function startHarness(
  studies: ReadonlyMap<string, SeriesOnDisk>,
  broken: ReadonlySet<string> = new Set(),
): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-viewer-'));
  await buildPage(new URL('.', import.meta.url), folder);
  const { server, url } = await serveStudies(folder, studies, broken);
  const browser = await startChromium();
  return {
    newPage: async () => {
      const page = await browser.newPage({ viewport: { width: 1002, height: 800 } });
      const complaints = complaintsOf(page);
      await page.goto(url);
      await page.waitForFunction(() => window.viewerHarness !== undefined, undefined, { timeout: 60_000 });
      return { page, complaints };
    },
    stop: async () => {
      await browser.close();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
