import type { Locator, Page } from 'playwright-core';
import { dropFiles } from './dropFiles.ts';

/** What a test may read of the application: the host of the extension API, never the inside. */
interface ExposedHost {
  readonly viewer: {
    readonly openSeries: { getState(): { readonly series: SeriesFacts } | undefined };
    readonly currentSlice: { getState(): number };
    goToSlice(k: number): void;
  };
  readonly labelmap: { readonly state: { getState(): LabelmapFacts } };
}

interface SeriesFacts {
  readonly frames: readonly { readonly sopInstanceUID: string }[];
  readonly stack: {
    readonly planes: readonly {
      readonly rows: number;
      readonly columns: number;
      readonly rowSpacing: number;
      readonly columnSpacing: number;
    }[];
  };
}

interface LabelmapFacts {
  readonly journal: {
    readonly past: readonly unknown[];
    readonly labelmap: {
      readonly segments: readonly { readonly number: number; readonly label: string }[];
      readonly voxels: ReadonlyMap<number, ReadonlyMap<number, Uint8Array>>;
    };
  };
}

declare global {
  var voxprompt: ExposedHost;
}

export interface PixelBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The set voxels of one segment as the viewer holds them: pixel indices by SOP Instance UID. */
export type ShownVoxels = Readonly<Record<string, readonly number[]>>;

/** A reader at the screen: finds things by the names they have for people, and uses a real mouse and keyboard. */
export class Reader {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get image(): Locator {
    return this.page.getByRole('region', { name: 'Acquired slices' });
  }

  get samPanel(): Locator {
    return this.page.getByRole('complementary', { name: 'Segmentation' });
  }

  async openSeries(study: string | RegExp, series: string | RegExp): Promise<void> {
    const studies = this.page.getByRole('navigation', { name: 'Studies' });
    const row = studies.getByRole('button', { name: study }).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await studies.getByRole('button', { name: series }).first().click();
    await this.page.waitForFunction(() => globalThis.voxprompt.viewer.openSeries.getState() !== undefined);
    await this.page
      .getByText(/^Slice \d+ \/ \d+/)
      .first()
      .waitFor();
  }

  /** Scrolls with the arrow keys, as a reader does. */
  async goToSlice(k: number): Promise<void> {
    const current = () => this.page.evaluate(() => globalThis.voxprompt.viewer.currentSlice.getState());
    await this.image.focus();
    for (let now = await current(); now !== k; now = await current()) {
      await this.page.keyboard.press(k > now ? 'ArrowDown' : 'ArrowUp');
      await this.page.waitForFunction((left) => globalThis.voxprompt.viewer.currentSlice.getState() !== left, now);
    }
  }

  /** Where a pixel of the acquired slice is on the page, for an image that fits its pane. */
  async pointOf(x: number, y: number): Promise<{ x: number; y: number }> {
    const pane = await this.image.boundingBox();
    if (pane === null) throw new Error('The image is not on the screen');
    const plane = await this.page.evaluate(() => {
      const stack = globalThis.voxprompt.viewer.openSeries.getState()?.series.stack;
      return stack?.planes[0];
    });
    if (plane === undefined) throw new Error('No series is open');
    const width = plane.columns * plane.columnSpacing;
    const height = plane.rows * plane.rowSpacing;
    const scale = Math.min(pane.width / width, pane.height / height);
    return {
      x: pane.x + pane.width / 2 + ((x + 0.5) * plane.columnSpacing - width / 2) * scale,
      y: pane.y + pane.height / 2 + ((y + 0.5) * plane.rowSpacing - height / 2) * scale,
    };
  }

  /** Drags from one corner to the opposite one; swap the corners to drag the other way. */
  async drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
    const start = await this.pointOf(...from);
    const end = await this.pointOf(...to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    for (let step = 1; step <= 8; step += 1) {
      await this.page.mouse.move(start.x + ((end.x - start.x) * step) / 8, start.y + ((end.y - start.y) * step) / 8);
    }
    await this.page.mouse.up();
  }

  async drawBox(box: PixelBox): Promise<void> {
    await this.image.focus();
    await this.page.keyboard.press('b');
    await this.drag([box.x0, box.y0], [box.x1, box.y1]);
  }

  /** Waits for a button of the segmentation panel: what the product offers next. */
  async offered(name: string | RegExp, timeout = 900_000): Promise<void> {
    await this.samPanel.getByRole('button', { name }).waitFor({ timeout });
  }

  /** The prompts of this lesion, as the panel lists them. */
  get prompts(): Locator {
    return this.samPanel.getByRole('list', { name: 'Prompts' });
  }

  /** Waits until each prompt has its mask. */
  async answered(timeout = 800_000): Promise<void> {
    await this.offered(/^(Propagate|Redo changed|Accept\s*Enter)/, timeout);
    await this.prompts.filter({ hasNotText: /computing/ }).waitFor({ timeout });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Saves from the keyboard and waits until the dialog says *stored*, with the UIDs. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('heading', { name: /^(Stored|Not .+)$/ }).waitFor({ timeout: 60_000 });
    const said = (await dialog.textContent()) ?? '';
    if (!/^Stored/.test(said)) throw new Error(`The dialog says: ${said}`);
    await dialog
      .getByText(/^2\.25\.\d+$/)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  }

  /** Opens the segmentation listed under a series of the study, with its images. */
  async openSegmentation(study: string | RegExp, source = /./): Promise<void> {
    const studies = this.page.getByRole('navigation', { name: 'Studies' }).getByRole('region', { name: source });
    const row = studies.getByRole('button', { name: study }).first();
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await studies
      .getByRole('button', { name: /\d segments?( ·|$)/ })
      .first()
      .click();
    await this.page.waitForFunction(
      () => globalThis.voxprompt.labelmap.state.getState().journal.labelmap.segments.length > 0,
      undefined,
      { timeout: 120_000 },
    );
  }

  /** Drops files on the window, as from a file manager. */
  async drop(paths: readonly string[]): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Studies' }).waitFor();
    await dropFiles(this.page, paths);
  }

  undoSteps(): Promise<number> {
    return this.page.evaluate(() => globalThis.voxprompt.labelmap.state.getState().journal.past.length);
  }

  /** What the viewer holds, segment by segment in their order. */
  shownVoxels(): Promise<readonly ShownVoxels[]> {
    return this.page.evaluate(() => {
      const { labelmap } = globalThis.voxprompt.labelmap.state.getState().journal;
      const frames = globalThis.voxprompt.viewer.openSeries.getState()?.series.frames ?? [];
      return labelmap.segments.map(({ number }) => {
        const shown: Record<string, number[]> = {};
        for (const [k, mask] of labelmap.voxels.get(number) ?? []) {
          const on: number[] = [];
          mask.forEach((value, index) => {
            if (value === 1) on.push(index);
          });
          shown[frames[k]?.sopInstanceUID ?? `slice ${k}`] = on;
        }
        return shown;
      });
    });
  }
}
