import type { Page } from 'playwright-core';
import { lesionBox, MIDDLE } from '../../e2e/support/lesionCt.ts';

/** As much of OHIF's globals as the test reads: what the reader sees, never the plugin's inside. */
declare global {
  interface Window {
    services: {
      readonly viewportGridService: { getActiveViewportId(): string };
      readonly segmentationService: {
        getSegmentations(): readonly { readonly segmentationId: string; readonly label: string }[];
      };
      readonly displaySetService: { getActiveDisplaySets(): readonly { readonly Modality: string }[] };
    };
    cornerstone: {
      readonly cache: {
        getImage(
          id: string,
        ): { readonly referencedImageId: string; readonly voxelManager: { getScalarData(): Uint8Array } } | undefined;
      };
      readonly metaData: { get(type: string, id: string): Record<string, string & readonly number[]> };
      getEnabledElements(): readonly {
        readonly viewportId: string;
        readonly viewport: {
          readonly element: HTMLElement;
          getImageIds(): readonly string[];
          getCurrentImageId(): string;
          setImageIdIndex(index: number): Promise<unknown>;
          worldToCanvas(point: readonly number[]): readonly [number, number];
        };
      }[];
    };
    cornerstoneTools: {
      readonly segmentation: {
        readonly state: {
          getSegmentation(id: string): {
            readonly representationData: { readonly Labelmap?: { readonly imageIds?: readonly string[] } };
          };
        };
      };
    };
  }
}

/** The right side panel, wherever OHIF has folded it. */
export async function openPanel(page: Page): Promise<void> {
  const tab = page.locator('[data-cy="voxprompt-btn"]');
  if (!(await tab.isVisible().catch(() => false))) await page.getByTestId('side-panel-header-right').click();
  await tab.click();
}

export async function goToMiddle(page: Page): Promise<void> {
  await page.evaluate(async (middle) => {
    const { viewport } = window.cornerstone.getEnabledElements()[0]!;
    const z = (id: string): number => window.cornerstone.metaData.get('imagePlaneModule', id).imagePositionPatient![2]!;
    const ids = viewport.getImageIds();
    const wanted = [...ids].sort((a, b) => z(a) - z(b))[middle]!;
    await viewport.setImageIdIndex(ids.indexOf(wanted));
  }, MIDDLE);
}

export async function drawBox(page: Page): Promise<void> {
  const { x0, y0, x1, y1 } = lesionBox(MIDDLE);
  const [from, to] = await page.evaluate(
    (corners) =>
      corners.map(([x, y]) => {
        const { viewport } = window.cornerstone.getEnabledElements()[0]!;
        const z = window.cornerstone.metaData.get('imagePlaneModule', viewport.getCurrentImageId())
          .imagePositionPatient![2]!;
        const [left, top] = viewport.worldToCanvas([x!, y!, z]);
        const place = viewport.element.getBoundingClientRect();
        return [place.left + left, place.top + top] as const;
      }),
    [
      [x0 - 0.5, y0 - 0.5],
      [x1 + 0.5, y1 + 0.5],
    ],
  );
  await page.mouse.move(from![0], from![1]);
  await page.mouse.down();
  for (let step = 1; step <= 8; step += 1) {
    await page.mouse.move(from![0] + ((to![0] - from![0]) * step) / 8, from![1] + ((to![1] - from![1]) * step) / 8);
  }
  await page.mouse.up();
}

/** Asks OHIF to show the stored segmentation, as a reader does: by double click on it in the study list. */
export async function loadSegmentation(page: Page): Promise<void> {
  const thumbnail = page.locator('[data-cy="study-browser-thumbnail-no-image"]').first();
  await thumbnail.waitFor({ timeout: 120_000 });
  await thumbnail.dblclick();
  await page
    .getByRole('button', { name: /^Yes$/ })
    .click({ timeout: 30_000 })
    .catch(() => undefined);
}

export const segmentations = (page: Page): Promise<string[]> =>
  page.evaluate(() => window.services.segmentationService.getSegmentations().map(({ label }) => label));

/** Labelled pixels by SOP Instance UID, as OHIF's Cornerstone holds them. */
export const voxels = (page: Page): Promise<Record<string, number[]>> =>
  page.evaluate(() => {
    const found: Record<string, number[]> = {};
    for (const { segmentationId } of window.services.segmentationService.getSegmentations()) {
      const { imageIds = [] } =
        window.cornerstoneTools.segmentation.state.getSegmentation(segmentationId).representationData.Labelmap ?? {};
      for (const id of imageIds) {
        const image = window.cornerstone.cache.getImage(id);
        if (image === undefined) continue;
        const { SOPInstanceUID } = window.cornerstone.metaData.get('instance', image.referencedImageId);
        const on: number[] = [];
        image.voxelManager.getScalarData().forEach((label, index) => {
          if (label > 0) on.push(index);
        });
        if (on.length > 0) found[SOPInstanceUID ?? id] = on;
      }
    }
    return found;
  });

export const sum = (found: Readonly<Record<string, readonly number[]>>): number =>
  Object.values(found).reduce((total, on) => total + on.length, 0);
