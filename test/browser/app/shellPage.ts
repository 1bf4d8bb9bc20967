import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startChromium } from '../../e2e/support/chromium.ts';
import { violations } from '../../support/axe.ts';
import { complaintsOf } from '../complaints.ts';
import { type ServedApp, serveApp } from './serveApp.ts';

/** What the tests of the shell have in common. */
export interface ShellPage {
  violations(): Promise<readonly string[]>;
  /** The CT of twelve slices of the first study. */
  openFirstSeries(): Promise<void>;
}

/**
 * The shell over fakes of every port, built for production, in Chromium, for the tests of one `describe`. Each has a fresh page
 * with the studies listed, given to `use`, whose console must have stayed silent at its end.
 */
export function shellPage(use: (page: Page) => void): ShellPage {
  let served: ServedApp | undefined;
  let browser: Browser | undefined;
  let page: Page;
  let complaints: readonly string[] = [];

  beforeAll(async () => {
    served = await serveApp();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });
  beforeEach(async () => {
    const context = await browser!.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(served!.url);
    await page.getByRole('button', { name: /Berger, Anna/ }).waitFor();
    use(page);
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  return {
    violations: () => violations(page),
    openFirstSeries: async () => {
      await page.getByRole('button', { name: /Berger, Anna/ }).click();
      await page.getByRole('button', { name: /CT Abdomen 5 mm/ }).click();
      await page.getByText('Slice 1 / 12').waitFor();
    },
  };
}
