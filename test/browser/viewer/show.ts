import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { RealSeries } from './realSeries.ts';

/** Opens a series, to its last slice. */
export async function show(page: Page, name: RealSeries | 'negative', kind: 'part10' | 'wado-rs'): Promise<void> {
  const opened = await page.evaluate(([n, k]) => window.viewerHarness.open(n, k), [name, kind] as const);
  expect(opened).toMatchObject({ ok: true });
  await page.evaluate(() => window.viewerHarness.loaded());
}

export async function showReformats(page: Page): Promise<void> {
  await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
  await page.evaluate(() => window.viewerHarness.settled());
}

export const currentSlice = (page: Page): Promise<number> =>
  page.evaluate(() => window.viewerHarness.viewer.currentSlice.getState());
