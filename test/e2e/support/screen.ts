import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Keeps a picture of the page where VOXPROMPT_SHOTS names a folder: for people who look at the wording. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env.VOXPROMPT_SHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
