import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Page } from 'playwright-core';
import { serveApp } from './serveApp.ts';

const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);

/** The shell over fakes of every port, built for production, in Chromium. */
export interface ShellHarness {
  /** A fresh page with the studies listed, and all warnings and errors of its console. */
  newPage(): Promise<{ readonly page: Page; readonly complaints: string[] }>;
  /** Rules of WCAG 2.0 to 2.2, A and AA, and axe's best practices. */
  violations(page: Page): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startShell(): Promise<ShellHarness> {
  const served = await serveApp();
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  return {
    newPage: async () => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()) && !/favicon/.test(message.location().url)) {
          complaints.push(message.text());
        }
      });
      await page.goto(served.url);
      await page.getByRole('button', { name: /Berger, Anna/ }).waitFor();
      return { page, complaints };
    },
    violations: async (page) => {
      // Run outside the page's policy, as a browser extension is.
      const found: { id: string; nodes: { html: string; failureSummary?: string }[] }[] = await page.evaluate(
        `${axe}; axe.run(document).then(({ violations }) => violations)`,
      );
      return found.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`,
      );
    },
    stop: async () => {
      await browser.close();
      await served.stop();
    },
  };
}
