import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Harness, startHarness } from './startHarness.ts';
import type { SeriesOnDisk } from './studyServer.ts';

/**
 * The harness page for the tests of one `describe`, with studies that are read when they begin: a fresh one for each, given to
 * `use` with what its console has said.
 * @param broken frames that the archive fails to give, 'name/index'; empty at the beginning of each test
 */
export function harnessPage(
  studies: () => ReadonlyMap<string, SeriesOnDisk>,
  use: (page: Page, complaints: readonly string[]) => void,
  broken: Set<string> = new Set(),
): void {
  let harness: Harness | undefined;
  let page: Page;
  beforeAll(async () => {
    harness = await startHarness(studies(), broken);
  });
  afterAll(() => harness?.stop());
  beforeEach(async () => {
    broken.clear();
    const fresh = await harness!.newPage();
    page = fresh.page;
    use(page, fresh.complaints);
  });
  afterEach(() => page.close());
}

/** Opens the series named `ct` from files, to the last slice. */
export async function openCt(page: Page): Promise<void> {
  await page.evaluate(() => window.viewerHarness.open('ct', 'part10'));
  await page.evaluate(() => window.viewerHarness.loaded());
  await page.evaluate(() => window.viewerHarness.settled());
}
