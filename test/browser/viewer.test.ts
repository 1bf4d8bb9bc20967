import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DicomDataset, number, numbers } from '#core/dicom/dataset.ts';
import { colorAt, isNear } from './viewer/screen.ts';
import { CHROMIUM, type Harness, startHarness } from './viewer/startHarness.ts';
import { readSeries, type SeriesOnDisk } from './viewer/studyServer.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = join(root, '../shared/data');

const FOLDERS = {
  ct: join(data, 'sts/STS_019/CT/image'),
  pet: join(data, 'sts/STS_019/PET/image'),
  mr: join(data, 'demo/STS_001/MR_T2/image'),
  tilted: join(data, 'formats/dcm_qa_ct/GE'),
} as const;
type Name = keyof typeof FOLDERS | 'negative';
const present = (name: keyof typeof FOLDERS): boolean => existsSync(FOLDERS[name]);

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
  let harness: Harness;
  let page: Page;
  let complaints: string[];
  const broken = new Set<string>();
  const studies = new Map<string, SeriesOnDisk>();

  beforeAll(async () => {
    for (const name of Object.keys(FOLDERS) as (keyof typeof FOLDERS)[]) {
      if (present(name)) studies.set(name, readSeries(FOLDERS[name]));
    }
    const ct = studies.get('ct');
    if (ct !== undefined) studies.set('negative', { ...ct, headers: ct.headers.map(asMonochrome1) });
    harness = await startHarness(studies, broken);
  });

  afterAll(() => harness?.stop());

  beforeEach(async () => {
    broken.clear();
    ({ page, complaints } = await harness.newPage());
  });

  afterEach(() => page.close());

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

    it.skipIf(!present('ct'))(
      'shows MONOCHROME1 as a negative in all planes, and gives the model the values as they are',
      async () => {
        await show('negative', 'wado-rs');
        await showReformats();
        // Around the thigh is air: the highest grey of a negative. Both corners lie inside the image.
        const shot = await page.screenshot();
        expect(isNear(colorAt(shot, 75, 350), [255, 255, 255]), String(colorAt(shot, 75, 350))).toBe(true);
        expect(await page.evaluate(() => window.viewerHarness.viewer.inverted.getState())).toBe(true);
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(studies.get('ct')!));
      },
    );

    it.skipIf(!present('ct'))(
      'keeps slice, window and labelmap when a viewport is detached and attached again',
      async () => {
        await show('ct', 'part10');
        await page.evaluate(() => {
          window.viewerHarness.viewer.goToSlice(20);
          window.viewerHarness.viewer.setOverlayOpacity(1);
          window.viewerHarness.addBall(1, [68, 67, 20], [25, 25, 9]);
        });
        await page.evaluate(() => window.viewerHarness.settled());
        for (let round = 0; round < 5; round += 1) await page.evaluate(() => window.viewerHarness.reattach());
        await page.evaluate(() => window.viewerHarness.settled());
        expect(await currentSlice()).toBe(20);
        expect(isNear(colorAt(await page.screenshot(), 250, 190), [240, 228, 66])).toBe(true);
        expect(
          await page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState().windowText),
        ).toBe('W 400 L 40');
        expect(complaints).toEqual([]);
      },
    );

    it.skipIf(!present('mr'))('zooms with Ctrl and wheel, pans with the middle button, and fits again', async () => {
      await show('mr', 'part10');
      await page.evaluate(() => window.viewerHarness.settled());
      const info = () => page.evaluate(() => window.viewerHarness.viewer.slotInfo('acquisition').getState());
      const before = await currentSlice();
      await page.mouse.move(250, 190);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -100);
      await page.keyboard.up('Control');
      await expect.poll(async () => (await info()).zoom).not.toBe(1);
      expect(await currentSlice()).toBe(before);
      await page.mouse.down({ button: 'middle' });
      await page.mouse.move(300, 220, { steps: 3 });
      await page.mouse.up({ button: 'middle' });
      await page.evaluate(() => window.viewerHarness.viewer.resetView());
      expect((await info()).zoom).toBeCloseTo(1, 6);
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

    it.skipIf(!present('ct') || !present('mr'))(
      'lets go of a series that is still loading when another is opened',
      async () => {
        for (const name of ['mr', 'ct', 'mr', 'ct'] as const) {
          await page.evaluate((n) => window.viewerHarness.open(n, 'wado-rs'), name);
          await page.evaluate(() => window.viewerHarness.viewer.setLayout('mpr'));
        }
        const last = await page.evaluate(() => window.viewerHarness.openOver('mr', 'ct'));
        expect(last).toEqual({ superseded: 'AbortError', opened: 47 });
        await page.evaluate(() => window.viewerHarness.loaded());
        await page.evaluate(() => window.viewerHarness.settled());
        expect(await page.evaluate(() => window.viewerHarness.hashes())).toEqual(expectedHashes(studies.get('ct')!));
        expect(complaints).toEqual([]);
      },
    );

    it.skipIf(!present('ct'))('leaves nothing open when opening is cancelled', async () => {
      expect(await page.evaluate(() => window.viewerHarness.openCancelled('ct'))).toBe('AbortError');
      expect(await page.evaluate(() => window.viewerHarness.viewer.openSeries.getState())).toBeUndefined();
      await show('ct', 'part10');
      expect(complaints).toEqual([]);
    });

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

const asMonochrome1 = (header: DicomDataset): DicomDataset => ({
  ...header,
  '00280004': { vr: 'CS', Value: ['MONOCHROME1'] },
});

/** Whether any pixel of a row of the picture has a colour. */
function hasColorOnRow(shot: Buffer, y: number, color: readonly [number, number, number]): boolean {
  return Array.from({ length: 500 }, (_, x) => colorAt(shot, x, y)).some((seen) => isNear(seen, color));
}
