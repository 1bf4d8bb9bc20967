import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNodeModel } from '../../extensions/sam-segmentation/node.ts';
import { writeModelRepository } from '../../src/cli/triton/modelRepository.ts';
import { root } from '../../src/server/prepare.mjs';
import { type OpenInferenceDouble, startOpenInferenceDouble } from '../support/openInferenceServer.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { lesionBox, lesionCt, MIDDLE } from './support/lesionCt.ts';
import { Reader } from './support/reader.ts';
import { shot } from './support/screen.ts';
import { startViewer, type ViewerServer } from './support/viewerServer.ts';

describe.skipIf(!hasChromium)('a hospital that computes on a server of its own', () => {
  let browser: Browser;
  let folder: string;
  let server: ViewerServer;
  let inference: OpenInferenceDouble;

  beforeAll(async () => {
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-remote-'));
    await lesionCt(join(folder, 'ct'));
    const model = await readNodeModel(join(root, 'models', 'litemedsam'));
    if (!model.ok || !(await writeModelRepository(model.value, join(folder, 'models'))).ok)
      throw new Error('no repository');
    inference = await startOpenInferenceDouble(join(folder, 'models'));
    server = await startViewer('--no-demo', '--inference', inference.url, join(folder, 'ct'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await inference?.stop().catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  });

  it('says where pixels go, downloads no weights, and goes on in the browser when the server dies', async () => {
    const { page } = await watchedPage(browser, server.url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const reader = new Reader(page);
    await reader.openSeries(/Tiny, Täst/, /9 images/);
    await reader.goToSlice(MIDDLE);
    const statement = reader.samPanel.getByText(
      `Pixels leave this computer: slices around each lesion are sent to ${new URL(inference.url).host}`,
    );
    await statement.waitFor();
    await reader.drawBox(lesionBox(MIDDLE));
    await reader.offered(/Propagate/);
    // Propagating is offered as soon as there is a box, so the mask may still be on its way.
    await expect
      .poll(() => inference.ran.map(({ model }) => model), { timeout: 120_000 })
      .toEqual(expect.arrayContaining(['litemedsam_encoder', 'litemedsam_decoder']));
    expect(asked.filter((path) => path.endsWith('.bin') && path.includes('coder'))).toEqual([]);
    expect(asked.some((path) => path.startsWith('/inference/v2/models/'))).toBe(true);
    await statement.waitFor();
    await shot(page, 'remote-inference');

    await inference.stop();
    await page.keyboard.press('Escape');
    await reader.goToSlice(MIDDLE + 1);
    await reader.drawBox(lesionBox(MIDDLE + 1));
    await reader.offered(/Propagate/);
    await reader.samPanel.getByText(/LiteMedSAM · WebAssembly/).waitFor({ timeout: 120_000 });
    expect(await statement.count()).toBe(0);
  });
});
