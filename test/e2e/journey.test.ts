import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LESIONS } from '../../src/server/demo/lesions.ts';
import { lesionCentre, lesionMask, phantomSlice } from '../../src/server/demo/phantom.ts';
import { dcentvfyLines, dciodvfyErrors, has } from '../dicom/support/programs.ts';
import { orthancMissing, startOrthanc } from '../support/orthanc.ts';
import { hasChromium, startChromium, watchedPage } from './support/chromium.ts';
import { type PixelBox, Reader, type ShownVoxels } from './support/reader.ts';
import { comparedByPydicom, storedSegmentations } from './support/stored.ts';
import { startViewer, type ViewerServer } from './support/viewerServer.ts';

const DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const hasData = existsSync(DATA);

interface Lesion {
  readonly patient: string;
  readonly image: string;
  readonly studyInstanceUID: string;
  readonly keySlice: KeySlice;
}

interface KeySlice {
  readonly index: number;
  readonly bbox: readonly [number, number, number, number];
}

type Listed = Omit<Lesion, 'keySlice'> & {
  readonly id: string;
  readonly keySlice?: KeySlice;
  readonly rois?: readonly { readonly name: string; readonly keySlice: KeySlice }[];
};

/** A lesion of a data pack; in the demo pack by the name of its contour. */
function lesionOf(pack: string, id: string, roi?: string): Lesion {
  const { cases } = JSON.parse(readFileSync(join(DATA, pack, 'cases.json'), 'utf8')) as { cases: readonly Listed[] };
  const found = cases.find((one) => one.id === id);
  const keySlice = found?.keySlice ?? found?.rois?.find(({ name }) => name === roi)?.keySlice;
  if (found === undefined || keySlice === undefined) throw new Error(`No lesion ${id}`);
  return { ...found, image: join(DATA, pack, found.image), keySlice };
}

const boxOf = ([x0, y0, x1, y1]: readonly [number, number, number, number]): PixelBox => ({ x0, y0, x1, y1 });

const filesOf = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).map((name) => join(folder, name));

describe.skipIf(!hasChromium)('the whole journey in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const open: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-journey-'));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    for (const one of open.splice(0).reverse()) await one.stop();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** From the open series to the stored object; returns what the viewer showed when it was saved. */
  async function boxToStored(page: Page, reader: Reader, k: number, box: PixelBox): Promise<readonly ShownVoxels[]> {
    await reader.goToSlice(k);
    await reader.drawBox(box);
    await reader.offered('Propagate');
    await reader.press('Enter');
    await reader.offered(/^Accept \w*$|^Accept\s*Enter$/);
    const reasons = await page
      .getByRole('region', { name: 'Propagation' })
      .getByText(/^(First|Last) \d+ .+/)
      .count();
    expect(reasons, 'each end says why it stopped').toBe(2);
    await reader.press('Enter');
    await expect.poll(() => reader.undoSteps()).toBe(1);
    const shown = await reader.shownVoxels();
    await reader.save();
    return shown;
  }

  /** Every independent program agrees on the one segmentation of the study. */
  async function judged(dicomWeb: string, studyUid: string, shown: readonly ShownVoxels[], sources: string) {
    const stored = await storedSegmentations(dicomWeb, studyUid);
    expect(stored).toHaveLength(1);
    const file = join(folder, `${studyUid}.dcm`);
    await writeFile(file, stored[0]!);
    if (has.dciodvfy) expect(dciodvfyErrors(file)).toEqual([]);
    if (has.pydicom) {
      const verdict = await comparedByPydicom(file, shown, sources);
      expect(verdict).toMatchObject({ differing: 0, problems: [], algorithms: ['SEMIAUTOMATIC'] });
      expect(verdict.voxels).toBeGreaterThan(50);
      console.log(`pydicom: ${verdict.frames} frames, ${verdict.voxels} voxels, ${verdict.differing} differing`);
    }
    return file;
  }

  it.skipIf(orthancMissing !== undefined || !hasData)(
    'takes an MR lesion from a real Orthanc and puts the segmentation back into it',
    async () => {
      const one = lesionOf('demo', 'STS_001/MR_T2', 'GTV_Mass');
      const sources = one.image;
      const pacs = await startOrthanc();
      open.push(pacs);
      // Through Orthanc's own door, not through ours.
      for (const path of await filesOf(sources)) {
        const body = new Uint8Array(await readFile(path));
        const { status } = await fetch(new URL('/instances', pacs.root), { method: 'POST', body });
        expect(status).toBe(200);
      }
      const server = await startViewer('--pacs', pacs.root);
      open.push(server);
      const { page, complaints } = await watchedPage(browser, server.url);
      const reader = new Reader(page);
      await reader.openSeries(one.patient, /40 images/);
      const [x0, y0, x1, y1] = one.keySlice.bbox;
      // From the bottom right corner to the top left one.
      const shown = await boxToStored(page, reader, one.keySlice.index, { x0: x1, y0: y1, x1: x0, y1: y0 });
      const file = await judged(pacs.root, one.studyInstanceUID, shown, sources);
      if (has.dcentvfy) expect(dcentvfyLines([...(await filesOf(sources)), file])).toEqual([]);

      await page.reload();
      await reader.openSegmentation(one.patient);
      expect(await reader.shownVoxels()).toEqual(shown);
      expect(complaints).toEqual([]);
    },
    1_200_000,
  );

  it('segments a lesion of the demo phantom and finds it again in the embedded archive', async () => {
    const server: ViewerServer = await startViewer();
    open.push(server);
    const { page, complaints } = await watchedPage(browser, server.url);
    const reader = new Reader(page);
    await reader.openSeries(/Phantom/, /60 images/);
    const lesion = LESIONS.findIndex(({ name }) => name.endsWith('segment IV'));
    const { k } = lesionCentre(lesion);
    const box = boundingBox(lesionMask(phantomSlice(k), lesion), 512);
    const shown = await boxToStored(page, reader, k, box);
    const dicomWeb = `${server.url}/dicom-web`;
    const studies = (await (await fetch(`${dicomWeb}/studies`)).json()) as { '0020000D': { Value: [string] } }[];
    await judged(dicomWeb, studies[0]!['0020000D'].Value[0], shown, server.data);

    await page.reload();
    await reader.openSegmentation(/Phantom/);
    expect(await reader.shownVoxels()).toEqual(shown);
    expect(complaints).toEqual([]);
  }, 1_200_000);

  it.skipIf(!hasData)(
    'segments a PET lesion from dropped files, each slice with its own rescale slope',
    async () => {
      const one = lesionOf('sts', 'STS_019/PET');
      const sources = one.image;
      const server = await startViewer('--no-demo');
      open.push(server);
      const { page, complaints } = await watchedPage(browser, server.url);
      const reader = new Reader(page);
      await reader.drop(await filesOf(sources));
      await reader.openSeries(one.patient, /47 images/);
      const shown = await boxToStored(page, reader, one.keySlice.index, boxOf(one.keySlice.bbox));
      const file = await judged(`${server.url}/dicom-web`, one.studyInstanceUID, shown, sources);

      await page.reload();
      await reader.drop([...(await filesOf(sources)), file]);
      await reader.openSegmentation(one.patient, /Local files/);
      expect(await reader.shownVoxels()).toEqual(shown);
      expect(complaints).toEqual([]);
    },
    1_200_000,
  );
});

function boundingBox(mask: Uint8Array, columns: number): PixelBox {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  mask.forEach((value, index) => {
    if (value === 0) return;
    const x = index % columns;
    const y = (index - x) / columns;
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
  });
  return { x0, y0, x1, y1 };
}
