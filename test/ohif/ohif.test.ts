import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { parseAst } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeSegmentation } from '../../extensions/dicom-seg/decode.ts';
import { buildOhif, pluginFolder } from '../../src/ohif/build.mjs';
import { dciodvfyErrors, has } from '../dicom/support/programs.ts';
import { hasChromium, startChromium } from '../e2e/support/chromium.ts';
import { type LesionCt, lesionCt, studyOfTwo } from '../e2e/support/lesionCt.ts';
import { shot } from '../e2e/support/screen.ts';
import { storedSegmentations } from '../e2e/support/stored.ts';
import { readmeBlock } from '../embed/support/packed.ts';
import { type Orthanc, orthancMissing, startOrthanc } from '../support/orthanc.ts';
import { ohifApp } from './support/ohifApp.ts';
import { drawBox, goToMiddle, loadSegmentation, openPanel, segmentations, sum, voxels } from './support/ohifPage.ts';
import { type OhifSite, serveOhif } from './support/serveOhif.ts';

/**
 * `npm run test:ohif` has both models that are shipped; else what is prompted is one of arithmetic, which is quick. The volume model
 * is the shipped one in any case.
 */
const FULL = process.env.VOXPROMPT_FULL === '1';
const TINY_MODEL = fileURLToPath(new URL('../fixtures/sam-families/meta-sam', import.meta.url));
const KB = 1000;

const app = hasChromium && orthancMissing === undefined ? ohifApp() : undefined;
const WHY = [
  ...(hasChromium ? [] : ['Chromium is not installed']),
  ...(orthancMissing === undefined ? [] : [orthancMissing]),
  ...(hasChromium && orthancMissing === undefined && app === undefined
    ? ['@ohif/app is neither cached nor to be had']
    : []),
];
if (WHY.length > 0) console.log(`SKIPPED the OHIF plugin in OHIF: ${WHY.join(', ')}`);

let building: Promise<void> | undefined;
const built = (): Promise<void> => {
  building ??= buildOhif();
  return building;
};

describe('the OHIF plugin file', () => {
  it('costs at most 300 kB gzipped, and has no Cornerstone and no React in it', async () => {
    await built();
    const code = readFileSync(join(pluginFolder, 'voxprompt.js'));
    const gzipped = gzipSync(code).length;
    console.log(`OHIF plugin, gzipped: ${(gzipped / KB).toFixed(1)} kB`);
    expect(gzipped).toBeLessThanOrEqual(300 * KB);
    const text = code.toString();
    // What React's own production build says of its errors.
    expect(text).not.toMatch(/Minified React error|react\.dev\/errors/);
    expect(text).not.toContain('cornerstonejs');
    // One file: it imports nothing.
    expect(parseAst(text).body.filter(({ type }) => type === 'ImportDeclaration')).toEqual([]);
  });

  it('does nothing when it is loaded', async () => {
    await built();
    // A folder of its own name: Node takes it for a module by its package.json alone.
    const folder = mkdtempSync(join(tmpdir(), 'voxprompt-plugin-'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const code = readFileSync(join(pluginFolder, 'voxprompt.js'), 'utf8');
    writeFileSync(join(folder, 'voxprompt.js'), `globalThis.document = {};\n${code}`);
    const { default: plugin } = (await import(/* @vite-ignore */ join(folder, 'voxprompt.js'))) as {
      default: { id: string };
    };
    expect(plugin.id).toBe('@voxprompt/extension-ohif');
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(app === undefined)('in OHIF 3.13 against a real Orthanc', () => {
  let browser: Browser;
  let pacs: Orthanc;
  let site: OhifSite;
  let ct: LesionCt;
  let two: LesionCt;
  let folder: string;

  beforeAll(async () => {
    await built();
    folder = mkdtempSync(join(tmpdir(), 'voxprompt-ohif-'));
    ct = await lesionCt(join(folder, 'ct'));
    two = await studyOfTwo(join(folder, 'two'));
    pacs = await startOrthanc();
    const pairs = readdirSync(join(folder, 'two'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => join(folder, 'two', name));
    for (const file of [...ct.files, ...pairs]) {
      const body = new Uint8Array(await readFile(file));
      expect((await fetch(new URL('/instances', pacs.root), { method: 'POST', body })).status).toBe(200);
    }
    const mounts = { ...(FULL ? {} : { '/voxprompt/models/litemedsam/': TINY_MODEL }), '/voxprompt/': pluginFolder };
    site = await serveOhif(app!, readmeBlock('app-config.js'), mounts, pacs.root);
    browser = await startChromium();
  }, 600_000);
  afterEach(async () => {
    for (const context of browser.contexts()) {
      for (const page of context.pages()) await shot(page, 'ohif-last');
      await context.close();
    }
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await pacs?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openStudy(mode: string, from = site, { study } = ct): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (request.url().includes('/voxprompt/') || /^(blob|data):/.test(request.url())) return;
      if (!request.url().startsWith(from.url)) complaints.push(`request to ${new URL(request.url()).host}`);
    });
    await page.goto(`${from.url}/${mode}?StudyInstanceUIDs=${study}`);
    await page.waitForFunction(
      () =>
        window.cornerstone?.getEnabledElements().some(({ viewport }) => (viewport.getCurrentImageId?.() ?? '') !== ''),
      undefined,
      { timeout: 300_000 },
    );
    const tour = page.getByText('Skip all');
    await tour.click({ timeout: 15_000 }).catch(() => undefined);
    return { page, complaints };
  }

  it('goes from a box to the PACS and comes back with the same voxels', async () => {
    const { page, complaints } = await openStudy('viewer');
    const panel = page.getByText('Take the box tool and drag over the lesion');
    await page.locator('[data-cy="SamBox"], [data-cy="VoxPrompt"]').first().waitFor({ timeout: 120_000 });
    await openPanel(page);
    await panel.waitFor({ timeout: 120_000 });
    await shot(page, 'ohif-panel');

    await goToMiddle(page);
    await page.locator('[data-cy="SamBox"], [data-cy="VoxPrompt"]').first().click();
    await drawBox(page);
    await page.getByRole('button', { name: /^Propagate/ }).click({ timeout: 900_000 });
    await page.getByRole('button', { name: /^Accept\s*(Enter)?$/ }).waitFor({ timeout: 900_000 });
    await shot(page, 'ohif-propagated');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save as DICOM SEG' }).waitFor({ timeout: 60_000 });
    await expect.poll(() => segmentations(page), { timeout: 60_000 }).toEqual(['VoxPrompt']);
    await expect.poll(async () => sum(await voxels(page)), { timeout: 60_000 }).toBeGreaterThan(500);
    const shown = await voxels(page);
    await shot(page, 'ohif-accepted');

    await page.getByRole('button', { name: 'Save as DICOM SEG' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('heading', { name: 'Stored' }).waitFor({ timeout: 120_000 });
    await shot(page, 'ohif-stored');
    await dialog.getByRole('button', { name: 'Done' }).click();
    const stored = await storedSegmentations(pacs.root, ct.study);
    expect(stored).toHaveLength(1);
    const file = join(folder, 'stored.dcm');
    writeFileSync(file, stored[0]!);
    if (has.dciodvfy) expect(dciodvfyErrors(file)).toEqual([]);
    expect(modelsOf(stored[0]!)).toBe(`${FULL ? 'LiteMedSAM' : 'Tiny meta-sam'} + VoxPrompt Volume`);
    expect(complaints).toEqual([]);
    await page.close();

    // OHIF's own reader, in a mode that loads segmentations by itself.
    const again = await openStudy('segmentation');
    await again.page.waitForFunction(
      () => window.services.displaySetService.getActiveDisplaySets().some(({ Modality }) => Modality === 'SEG'),
      undefined,
      { timeout: 300_000 },
    );
    await loadSegmentation(again.page);
    await expect.poll(async () => sum(await voxels(again.page)), { timeout: 300_000 }).toBeGreaterThan(500);
    await shot(again.page, 'ohif-reloaded');
    expect(await voxels(again.page)).toEqual(shown);
    console.log(`OHIF: ${Object.keys(shown).length} slices, ${sum(shown)} voxels, the same after reload`);
  }, 2_400_000);

  it('looks at the other series of the study, from the cache of OHIF', async () => {
    const { page, complaints } = await openStudy('viewer', site, two);
    await page.locator('[data-cy="SamBox"], [data-cy="VoxPrompt"]').first().click({ timeout: 120_000 });
    await openPanel(page);
    await goToMiddle(page);
    await drawBox(page);
    await page.getByRole('button', { name: /^Propagate/ }).click({ timeout: 900_000 });
    const other = page.getByRole('group', { name: 'Also looks at' });
    await other.getByText(/^(Shows the lesion|Unclear there) \(0\.\d\d\)/).waitFor({ timeout: 300_000 });
    await page.getByRole('button', { name: /^Accept\s*(Enter)?$/ }).waitFor({ timeout: 900_000 });
    await shot(page, 'ohif-other-series');
    expect(await other.getByRole('checkbox').isChecked()).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  }, 1_200_000);

  it('takes other models, as the README says it', async () => {
    const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
    const [named = ''] = /(?<=`)voxprompt: \{.*?\}(?=`)/.exec(readme) ?? [];
    const config = readmeBlock('app-config.js').replace('modes: [],', `modes: [],\n  ${named},`);
    const mounts = { '/models/ours/': TINY_MODEL, '/voxprompt/': pluginFolder };
    const other = await serveOhif(app!, config, mounts, pacs.root);
    const { page } = await openStudy('viewer', other);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    const loaded = page.waitForResponse((response) => response.url().endsWith('/models/ours/decoder.onnx'), {
      timeout: 300_000,
    });
    await page.locator('[data-cy="SamBox"], [data-cy="VoxPrompt"]').first().click({ timeout: 120_000 });
    expect((await loaded).status()).toBe(200);
    await openPanel(page);
    await page.getByText('Tiny meta-sam').first().waitFor({ state: 'attached', timeout: 300_000 });
    expect(asked.filter((path) => path.includes('/voxprompt/models/'))).toEqual([]);
    await other.stop();
  }, 1_200_000);
});

/** Names of the models that made the first segment, as the stored object has them. */
function modelsOf(bytes: Uint8Array): string {
  const decoded = decodeSegmentation(bytes);
  const algorithm = decoded.ok ? decoded.value.segments[0]?.algorithm : undefined;
  return algorithm === undefined || algorithm.type === 'MANUAL' ? 'no model' : algorithm.name;
}
