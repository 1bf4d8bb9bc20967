import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type {} from './page.ts';
import { type SeriesOnDisk, serveStudies } from './studyServer.ts';

export const CHROMIUM = '/usr/bin/chromium';

/** The harness page, built for production and served with its studies, in Chromium. */
export interface Harness {
  /** A fresh page, with all warnings and errors of its console. */
  newPage(): Promise<{ readonly page: Page; readonly complaints: string[] }>;
  stop(): Promise<void>;
}

/** @param broken frames that the archive fails to give, 'name/index'; read at each request */
export async function startHarness(
  studies: ReadonlyMap<string, SeriesOnDisk>,
  broken: ReadonlySet<string> = new Set(),
): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-viewer-'));
  await build({
    root: fileURLToPath(new URL('.', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 8000 },
  });
  const { server, url } = await serveStudies(folder, studies, broken);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', '--ignore-gpu-blocklist'],
      ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    ],
  });
  return {
    newPage: async () => {
      const complaints: string[] = [];
      const page = await browser.newPage({ viewport: { width: 1002, height: 800 } });
      page.on('console', (message) => {
        if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
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
