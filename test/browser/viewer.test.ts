import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DicomDataset, number, numbers } from '#core/dicom/dataset.ts';
import type {} from './viewer/page.ts';
import { colorAt, isNear } from './viewer/screen.ts';
import { readSeries, type SeriesOnDisk, serveStudies } from './viewer/studyServer.ts';

const CHROMIUM = '/usr/bin/chromium';
const root = fileURLToPath(new URL('../..', import.meta.url));
const data = join(root, '../shared/data');

const FOLDERS = {
  ct: join(data, 'sts/STS_019/CT/image'),
  pet: join(data, 'sts/STS_019/PET/image'),
  mr: join(data, 'demo/STS_001/MR_T2/image'),
  tilted: join(data, 'formats/dcm_qa_ct/GE'),
} as const;
type Name = keyof typeof FOLDERS;
const present = (name: Name): boolean => existsSync(FOLDERS[name]);

/** Position along the normal, computed here and not by the code under test. */
function along(header: DicomDataset): number {
  const [a, b, c, d, e, f] = numbers(header, '00200037') as number[];
  const normal = [b! * f! - c! * e!, c! * d! - a! * f!, a! * e! - b! * d!];
  return (numbers(header, '00200032') as number[]).reduce((sum, value, axis) => sum + value * normal[axis]!, 0);
}

/** SHA-256 of float32(slope * stored + intercept), slices ascending along the normal. */
function expectedHashes({ headers, pixels }: SeriesOnDisk): string[] {
  return headers
    .map((header, index) => ({ header, bytes: pixels[index]! }))
    .sort((a, b) => along(a.header) - along(b.header))
    .map(({ header, bytes }) => {
      const count = number(header, '00280010')! * number(header, '00280011')!;
      const stored =
        number(header, '00280103') === 1 ? new Int16Array(bytes, 0, count) : new Uint16Array(bytes, 0, count);
      const slope = number(header, '00281053') ?? 1;
      const intercept = number(header, '00281052') ?? 0;
      const values = Float32Array.from(stored, (value) => value * slope + intercept);
      return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
    });
}

describe.skipIf(!existsSync(CHROMIUM))('the viewer in Chromium, built for production', () => {
  let folder: string;
  let browser: Browser;
  let server: Server;
  let url: string;
  let page: Page;
  let complaints: string[];
  const broken = new Set<string>();
  const studies = new Map<string, SeriesOnDisk>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-viewer-'));
    await build({
      root: join(root, 'test/browser/viewer'),
      configFile: false,
      logLevel: 'error',
      base: './',
      worker: { format: 'es' },
      build: { outDir: folder, emptyOutDir: true, target: 'esnext', chunkSizeWarningLimit: 8000 },
    });
    for (const name of Object.keys(FOLDERS) as Name[]) {
      if (present(name)) studies.set(name, readSeries(FOLDERS[name]));
    }
    ({ server, url } = await serveStudies(folder, studies, broken));
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
        ...['--disable-background-networking', '--disable-component-update', '--ignore-gpu-blocklist'],
        ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    broken.clear();
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1002, height: 800 } });
    page.on('console', (message) => {
      if (message.type() === 'warning' || message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(url);
    await page.waitForFunction(() => window.viewerHarness !== undefined, undefined, { timeout: 60_000 });
  });

  afterEach(async () => {
    await page.close();
  });

  async function show(name: Name, kind: 'part10' | 'wado-rs'): Promise<void> {
    const opened = await page.evaluate(([n, k]) => window.viewerHarness.open(n, k), [name, kind] as const);
    expect(opened).toMatchObject({ ok: true });
    await page.evaluate(() => window.viewerHarness.loaded());
  }

  async function showReformats(): Promise<void> {
    await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
    await page.evaluate(() => window.viewerHarness.settled());
  }

  const currentSlice = (): Promise<number> => page.evaluate(() => window.viewerHarness.viewer.currentSlice.getState());

  describe('the pixels that a model sees', () => {
    for (const [name, what] of [
      ['ct', 'a CT with signed pixels'],
      ['pet', 'a PET with a slope of its own in every slice'],
      ['mr', 'an oblique MR whose files run against the stack'],
    ] as const) {
      for (const kind of ['part10', 'wado-rs'] as const) {
        it.skipIf(!present(name))(`are those of the file, bit for bit: ${what}, ${kind}`, async () => {
          await show(name, kind);
          expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(studies.get(name)!));
          expect(complaints).toEqual([]);
        });
      }
    }

    it.skipIf(!present('mr'))('do not depend on window, inversion or zoom', async () => {
      await show('mr', 'part10');
      await page.evaluate(() => {
        const { viewer } = window.viewerHarness;
        viewer.setWindow({ lower: 0, upper: 1, source: 'reader' });
        viewer.invert();
        viewer.zoom(3);
      });
      expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(studies.get('mr')!));
    });
  });

  describe('the screen', () => {
    it.skipIf(!present('ct'))('shows the middle slice first, with letters, position and window', async () => {
      await show('ct', 'part10');
      await page.evaluate(() => window.viewerHarness.settled());
      const info = await page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState());
      expect(info).toMatchObject({
        orientation: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
        windowText: 'W 400 L 40',
        zoom: 1,
        problem: undefined,
      });
      expect(info.sliceLabel).toMatch(/^Slice 24 \/ 47 · -?\d+\.\d mm$/);
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('mr'))('scrolls by wheel, windows by right drag, and stops at the last slice', async () => {
      await show('mr', 'wado-rs');
      await page.evaluate(() => window.viewerHarness.settled());
      const before = await currentSlice();
      await page.mouse.move(250, 190);
      await page.mouse.wheel(0, 100);
      await expect.poll(currentSlice).toBe(before + 1);
      const window0 = await page.evaluate(() => window.viewerHarness.viewer.displayWindow.getState());
      await page.mouse.down({ button: 'right' });
      await page.mouse.move(310, 190, { steps: 4 });
      await page.mouse.up({ button: 'right' });
      const window1 = await page.evaluate(() => window.viewerHarness.viewer.displayWindow.getState());
      expect(window1!.upper - window1!.lower).toBeGreaterThan((window0!.upper - window0!.lower) * 1.1);
      expect(window1!.source).toBe('reader');
      await page.evaluate(() => window.viewerHarness.viewer.scroll(1000));
      await expect.poll(currentSlice).toBe(39);
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('mr'))('moves the acquired slice to where a reformat is clicked', async () => {
      await show('mr', 'part10');
      await showReformats();
      expect(await page.evaluate(() => window.viewerHarness.viewer.slots.getState())).toEqual([
        'acquisition',
        'coronal',
        'sagittal',
      ]);
      const millimetres = await page.evaluate(
        () => window.viewerHarness.viewer.slotInfo('coronal').getState().millimetresPerPixel,
      );
      const before = await currentSlice();
      await page.mouse.click(752, 190 + 60);
      // Down in a coronal view is towards the feet; slices are 5.2 mm apart.
      await expect.poll(currentSlice).toBe(before - Math.round((60 * millimetres) / 5.2));
    });

    it.skipIf(!present('tilted'))('opens a gantry-tilted head CT slice by slice and offers no reformat', async () => {
      const opened = await page.evaluate(() => window.viewerHarness.open('tilted', 'part10'));
      expect(opened).toMatchObject({ ok: true, use: 'slices' });
      await page.evaluate(() => window.viewerHarness.loaded());
      await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
      expect(
        await page.evaluate(() => [
          window.viewerHarness.viewer.canReformat.getState(),
          window.viewerHarness.viewer.layout.getState(),
        ]),
      ).toEqual([false, 'stack']);
    });
  });

  describe('the labelmap', () => {
    const YELLOW = [240, 228, 66] as const;
    const CYAN = [0, 255, 255] as const;

    it.skipIf(!present('ct'))('lies on the same voxels in the acquired slice and in both reformats', async () => {
      await show('ct', 'part10');
      await showReformats();
      await page.evaluate(() => {
        window.viewerHarness.viewer.setOverlayOpacity(1);
        window.viewerHarness.addBall(1, [68, 67, 23], [25, 25, 9]);
      });
      await page.evaluate(() => window.viewerHarness.settled());
      const shot = await page.screenshot();
      for (const [x, y] of [
        [250, 190],
        [752, 190],
        [250, 572],
      ] as const) {
        expect(isNear(colorAt(shot, x, y), YELLOW), `${x},${y}: ${colorAt(shot, x, y)}`).toBe(true);
      }
      expect(isNear(colorAt(shot, 250, 20), YELLOW)).toBe(false);
      await page.evaluate(() => window.viewerHarness.undo());
      await page.evaluate(() => window.viewerHarness.settled());
      const after = await page.screenshot();
      for (const [x, y] of [
        [250, 190],
        [752, 190],
        [250, 572],
      ] as const) {
        expect(isNear(colorAt(after, x, y), YELLOW), `${x},${y}: ${colorAt(after, x, y)}`).toBe(false);
      }
      expect(complaints).toEqual([]);
    });

    it.skipIf(!present('ct'))('shows a preview in its own colour and takes it away again', async () => {
      await show('ct', 'part10');
      await page.evaluate(() => window.viewerHarness.previewBall([68, 67, 23], [20, 20, 4]));
      await page.evaluate(() => window.viewerHarness.settled());
      const edge = () => page.screenshot().then((shot) => hasColorOnRow(shot, 190, CYAN));
      expect(await edge()).toBe(true);
      await page.evaluate(() => window.viewerHarness.clearPreview());
      await page.evaluate(() => window.viewerHarness.settled());
      expect(await edge()).toBe(false);
    });

    it.skipIf(!present('ct'))('takes a brush stroke as one undo step of the slice that was painted', async () => {
      await show('ct', 'part10');
      await page.evaluate(() => {
        window.viewerHarness.addBall(1, [30, 30, 23], [5, 5, 2]);
        window.viewerHarness.commitStrokes();
        window.viewerHarness.viewer.activateTool('Brush');
      });
      const voxels = (): Promise<number> => page.evaluate(() => window.viewerHarness.voxels(1, 23));
      const steps = await page.evaluate(() => window.viewerHarness.steps());
      const before = await voxels();
      await page.mouse.move(220, 190);
      await page.mouse.down();
      await page.mouse.move(300, 190, { steps: 5 });
      await page.mouse.up();
      await expect.poll(voxels).toBeGreaterThan(before);
      expect(await page.evaluate(() => window.viewerHarness.steps())).toBe(steps + 1);
      expect(await page.evaluate(() => window.viewerHarness.voxels(1, 22))).toBe(
        await page.evaluate(() => window.viewerHarness.voxels(1, 24)),
      );
      await page.evaluate(() => window.viewerHarness.viewer.activateTool('Eraser'));
      const painted = await voxels();
      await page.mouse.move(260, 190);
      await page.mouse.down();
      await page.mouse.up();
      await expect.poll(voxels).toBeLessThan(painted);
      expect(complaints).toEqual([]);
    });
  });

  describe('what goes wrong', () => {
    it.skipIf(!present('ct'))(
      'names a slice that the archive does not give, shows the others, and offers no reformat',
      async () => {
        const { headers } = studies.get('ct')!;
        const order = headers.map((_, index) => index).sort((a, b) => along(headers[a]!) - along(headers[b]!));
        broken.add(`ct/${order[3]}`);
        await show('ct', 'wado-rs');
        const failures = await page.evaluate(() => window.viewerHarness.viewer.failures.getState());
        expect(failures).toMatchObject([
          { k: 3, error: { code: 'frame-not-retrieved', context: { slice: 4, status: 500 } } },
        ]);
        const hashes = await page.evaluate(() => window.viewerHarness.hashes());
        expect(hashes[3]).toBe('pixels-unavailable');
        expect(hashes.filter((_, k) => k !== 3)).toEqual(expectedHashes(studies.get('ct')!).filter((_, k) => k !== 3));
        expect(await page.evaluate(() => window.viewerHarness.viewer.canReformat.getState())).toBe(false);
        await page.evaluate(() => window.viewerHarness.viewer.goToSlice(3));
        await expect
          .poll(() => page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState().problem))
          .toContain('Slice 4 could not be loaded');
      },
    );

    it.skipIf(!present('ct'))(
      'says so when not even the first slice is to be had, and opens the next series',
      async () => {
        for (const index of studies.get('ct')!.headers.keys()) broken.add(`ct/${index}`);
        const opened = await page.evaluate(() => window.viewerHarness.open('ct', 'wado-rs'));
        expect(opened).toMatchObject({ ok: false, error: { code: 'pixels-unavailable' } });
        await show('ct', 'part10');
        expect(await currentSlice()).toBe(23);
      },
    );

    it.skipIf(!present('ct') || !present('pet') || !present('mr'))(
      'switches series again and again without a word on the console',
      async () => {
        for (const name of ['ct', 'pet', 'mr', 'ct', 'pet', 'mr'] as const) {
          await show(name, 'part10');
          await showReformats();
          await page.evaluate(() => {
            window.viewerHarness.addBall(1, [14, 14, 20], [6, 6, 4]);
            window.viewerHarness.previewBall([18, 14, 20], [6, 6, 4]);
          });
          await page.evaluate(() => window.viewerHarness.settled());
        }
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(studies.get('mr')!));
        expect(complaints).toEqual([]);
      },
    );
  });
});

/** Whether any pixel of a row of the picture has a colour. */
function hasColorOnRow(shot: Buffer, y: number, color: readonly [number, number, number]): boolean {
  return Array.from({ length: 500 }, (_, x) => colorAt(shot, x, y)).some((seen) => isNear(seen, color));
}
