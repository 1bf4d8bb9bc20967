import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedSam } from '../../src/embed/createSamSession.ts';
import { dciodvfyErrors, has } from '../dicom/support/programs.ts';
import { hasChromium, startChromium } from '../e2e/support/chromium.ts';
import { lesionBox, lesionCt, MIDDLE, SLICES } from '../e2e/support/lesionCt.ts';
import { shot } from '../e2e/support/screen.ts';
import { gzippedBudget } from './support/budget.ts';
import { buildWithVite, buildWithWebpack } from './support/bundlers.ts';
import { packedHost, readmeBlock } from './support/packed.ts';
import { serveFolder } from './support/serveFolder.ts';

/**
 * `npm run test:embed`: both applications with both models that are packed. Else what is prompted is one of arithmetic, which is
 * quick; the volume model is the packed one in any case.
 */
const FULL = process.env.VOXPROMPT_FULL === '1';
const TINY_MODEL = fileURLToPath(new URL('../fixtures/sam-families/meta-sam', import.meta.url));
const KB = 1000;

declare global {
  interface Window {
    /** What the host application gives its test; see host/main.ts, which is compiled in the host's own folder. */
    hostPage: {
      readonly sam: EmbeddedSam;
      pointOf(x: number, y: number): [number, number];
      labelled(): number[][];
      paint(k: number, pixels: readonly number[]): void;
      segmentation(): number[];
      openSegmentation(bytes: readonly number[]): void;
    };
  }
}

describe.skipIf(!hasChromium)('the packed library in an application of somebody else', () => {
  let folder: string;
  let browser: Browser;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await packedHost();
    mkdirSync(join(folder, 'public'));
    const { files } = await lesionCt(join(folder, 'series'));
    writeFileSync(join(folder, 'series', 'index.json'), JSON.stringify(files.map((file) => basename(file)).reverse()));
    browser = await startChromium();
  }, 600_000);
  afterEach(async () => {
    for (const context of browser.contexts()) {
      for (const page of context.pages()) await shot(page, 'embed-last');
      await context.close();
    }
    for (const one of open.splice(0)) await one.close();
  });
  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('is told in at most 15 lines, and its types are there for a strict compiler', () => {
    const lines = readmeBlock('addVoxPrompt.tsx').trim().split('\n');
    expect(lines.filter((line) => line.trim() !== '' && !line.startsWith('//')).length).toBeLessThanOrEqual(15);
    writeFileSync(
      join(folder, 'wrong.ts'),
      [
        "import { createSamSession } from 'voxprompt/sam-segmentation';",
        "import { segmentationFormat } from 'voxprompt/dicom-seg';",
        "import { dicomWebSource } from 'voxprompt/dicomweb';",
        "import { stackOf, type Labelmap } from 'voxprompt/core';",
        "const sam = createSamSession({ model: '/m' });",
        '// @ts-expect-error: a model is named by its address',
        'createSamSession({ model: 1 });',
        '// @ts-expect-error: nothing is encoded without a series',
        'segmentationFormat.encode({ labelmap: sam.labelmap });',
        '// @ts-expect-error: a labelmap is no number',
        'const wrong: number = sam.labelmap;',
        '// @ts-expect-error: planes, not numbers',
        'stackOf([1]);',
        'export const right: Labelmap = sam.labelmap;',
        "export const canStore: boolean = dicomWebSource('pacs', 'PACS', '/dicom-web').canStore;",
        'export { wrong };',
        '',
      ].join('\n'),
    );
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    expect(execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })).toBe('');
  }, 900_000);

  it('costs at most 150 kB gzipped beside its peers', async () => {
    const { total, files } = await gzippedBudget(join(folder, 'node_modules', 'voxprompt'));
    console.log(`SAM extension, gzipped: ${(total / KB).toFixed(1)} kB`, files);
    expect(total).toBeLessThanOrEqual(150 * KB);
    expect(total).toBeGreaterThan(20 * KB);
  }, 600_000);

  const bundlers = [
    { name: 'Vite', build: buildWithVite },
    { name: 'webpack', build: buildWithWebpack },
  ];

  it.each(bundlers)(
    'goes from a box to a checked SEG in a $name application',
    async ({ name, build }) => {
      const built = await build(folder);
      const emitted = readdirSync(built, { recursive: true }).map(String);
      expect(emitted.filter((file) => file.endsWith('.wasm')).length).toBeGreaterThanOrEqual(2);
      const models = join(folder, 'node_modules', 'voxprompt', 'models');
      const server = await serveFolder(built, {
        '/series/': join(folder, 'series'),
        ...(FULL ? {} : { '/models/litemedsam/': TINY_MODEL }),
        '/models/': models,
      });
      open.push(server);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
      });
      page.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(server.url))
          complaints.push(request.url());
      });
      await page.goto(server.url);
      await page.waitForFunction(() => window.hostPage !== undefined, undefined, { timeout: 120_000 });

      await drawLesionBox(page);
      await waitFor(page, 'prompting');
      await page.waitForFunction(
        () => {
          const { lesion } = window.hostPage.sam.session.state.getState();
          return 'keyframes' in lesion && [...lesion.keyframes.values()].every(({ status }) => status === 'ready');
        },
        undefined,
        { timeout: 600_000 },
      );
      expect(await page.evaluate(() => window.hostPage.labelled())).toEqual([]);
      await page.getByRole('button', { name: /^Propagate/ }).click({ timeout: 120_000 });
      await waitFor(page, 'reviewing');
      await shot(page, `embed-${name}`);
      // The words under the strip have the room that they need, in a column as narrow as this.
      const strip = page.getByRole('region', { name: 'Propagation' });
      expect(await strip.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBeLessThan(2);
      await page.getByRole('button', { name: /^Accept/ }).click({ timeout: 120_000 });
      await waitFor(page, 'accepted');

      const accepted = await shown(page);
      accepted.forEach((pixels, k) => {
        // The model of arithmetic fills its box.
        if (k === MIDDLE && !FULL) return;
        const { x0, y0, x1, y1 } = lesionBox(k);
        const ellipse = x1 < x0 ? 0 : (Math.PI / 4) * (x1 - x0 + 1) * (y1 - y0 + 1);
        // The outermost slices hold a few pixels of lesion, which a model may leave out.
        if (ellipse > 200) expect(pixels.length, `slice ${k}`).toBeGreaterThan(0.6 * ellipse);
        expect(pixels.length, `slice ${k}`).toBeLessThan(1.3 * ellipse + 40);
      });
      expect(await algorithm(page)).toBe(`${FULL ? 'LiteMedSAM' : 'Tiny meta-sam'} + VoxPrompt Volume`);
      await expect.poll(() => page.evaluate(() => window.hostPage.labelled())).toEqual(accepted);

      // A brush of the host: a step of the journal, and part of what is saved.
      await page.evaluate((k) => window.hostPage.paint(k, [0, 1, 2]), MIDDLE);
      await expect.poll(async () => (await shown(page))[MIDDLE]!.length).toBe(accepted[MIDDLE]!.length + 3);
      expect(
        await page.evaluate(() =>
          window.hostPage.sam.host.labelmap.state.getState().journal.past.map(({ label }) => label),
        ),
      ).toEqual(['Propagate Lesion 1', 'Edit in the viewer']);

      const saved = await shown(page);
      const bytes = await page.evaluate(() => window.hostPage.segmentation());
      const file = join(folder, `${name}.dcm`);
      writeFileSync(file, Uint8Array.from(bytes));
      if (has.dciodvfy) expect(dciodvfyErrors(file)).toEqual([]);

      await page.reload();
      await page.waitForFunction(() => window.hostPage !== undefined, undefined, { timeout: 120_000 });
      expect((await shown(page)).flat()).toEqual([]);
      await page.evaluate((object) => window.hostPage.openSegmentation(object), bytes);
      expect(await shown(page)).toEqual(saved);
      await expect.poll(() => page.evaluate(() => window.hostPage.labelled())).toEqual(saved);
      await shot(page, `embed-${name}-reloaded`);
      const slices = saved.filter(({ length }) => length > 0).length;
      console.log(
        `${name}, ${await algorithm(page)}: ${slices} of ${SLICES} slices, ${saved.flat().length} voxels, the same after reload`,
      );
      expect(await page.locator('h1').evaluate((element) => getComputedStyle(element).marginTop)).not.toBe('0px');
      expect(complaints).toEqual([]);
    },
    1_800_000,
  );
});

async function drawLesionBox(page: Page): Promise<void> {
  const { x0, y0, x1, y1 } = lesionBox(MIDDLE);
  const [from, to] = await page.evaluate(
    ([a, b, c, d]) => [window.hostPage.pointOf(a, b), window.hostPage.pointOf(c, d)] as const,
    [x0 - 0.5, y0 - 0.5, x1 + 0.5, y1 + 0.5] as const,
  );
  await page.mouse.move(...from);
  await page.mouse.down();
  for (let step = 1; step <= 8; step += 1) {
    await page.mouse.move(from[0] + ((to[0] - from[0]) * step) / 8, from[1] + ((to[1] - from[1]) * step) / 8);
  }
  await page.mouse.up();
}

const waitFor = (page: Page, phase: string) =>
  page.waitForFunction((wanted) => window.hostPage.sam.session.state.getState().lesion.phase === wanted, phase, {
    timeout: 900_000,
  });

/** Names of the models that made the lesion, as they go into the SEG. */
const algorithm = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { algorithm: made } = window.hostPage.sam.labelmap.segments[0]!;
    return made.type === 'MANUAL' ? 'by hand' : made.name;
  });

/** Labelled pixels by slice, as VoxPrompt has them. */
const shown = (page: Page): Promise<number[][]> =>
  page.evaluate((slices) => {
    const { voxels } = window.hostPage.sam.labelmap;
    return Array.from({ length: slices }, (_, k) =>
      [...voxels.values()]
        .flatMap((own) => Array.from(own.get(k) ?? []).flatMap((on, pixel) => (on === 1 ? [pixel] : [])))
        .sort((one, other) => one - other),
    );
  }, SLICES);
