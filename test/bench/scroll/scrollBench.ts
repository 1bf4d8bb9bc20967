import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { startChromium } from '../../e2e/support/chromium.ts';
import { Reader } from '../../e2e/support/reader.ts';
import { startViewer } from '../../e2e/support/viewerServer.ts';
import { type ScrollRun, scrollInPage } from './inPage.ts';
import { labelEverySlice } from './labelEverySlice.ts';
import { type PhantomShape, phantoms } from './phantom.ts';
import { servePlain } from './plainServer.ts';

export interface ScrollPlan extends PhantomShape {
  /** Each round scrolls once in our application, once there with a segment on every slice, and once in the plain page. */
  readonly rounds: number;
  /** Steps of a run. */
  readonly steps: number;
}

export interface Measured extends ScrollRun {
  /** Processor time of the main thread for a slice, ms: what other programs take does not count. */
  readonly threadMs: number;
  readonly inputToPaint: readonly number[];
}

export type Scrolled = 'ours' | 'labelled' | 'plain';

export interface ScrollRounds {
  readonly pane: { readonly width: number; readonly height: number };
  readonly rounds: readonly Readonly<Record<Scrolled, Measured>>[];
}

const LOADING = { timeout: 580_000 };

/** The built application and a page of plain Cornerstone3D in one Chromium, in turns, on panes of one size. */
export async function scrollRounds({ rounds, steps, ...shape }: ScrollPlan): Promise<ScrollRounds> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-scroll-'));
  const [files = []] = await phantoms(join(folder, 'studies'), 1, shape);
  const [viewer, served] = [await startViewer(join(folder, 'studies')), await servePlain(join(folder, 'plain'), files)];
  const browser = await startChromium();
  try {
    const newPage = () => browser.newPage({ viewport: { width: 1440, height: 900 } });
    const pages: Record<Scrolled, Page> = { ours: await newPage(), labelled: await newPage(), plain: await newPage() };
    for (const page of [pages.ours, pages.labelled]) await openSeries(page, viewer.url);
    await pages.labelled.evaluate(labelEverySlice);
    const pane = await pages.ours.locator('canvas.cornerstone-canvas').first().boundingBox();
    if (pane === null) throw new Error('Our application shows no image');
    await pages.plain.goto(`${served.url}?files=${files.length}&width=${pane.width}&height=${pane.height}`);
    await pages.plain.waitForFunction(() => document.title === 'ready', undefined, LOADING);
    const sizes = await Promise.all(Object.values(pages).map(canvasSize));
    if (new Set(sizes).size > 1) throw new Error(`The panes differ: ${sizes.join(' and ')}`);
    const done: ScrollRounds['rounds'][number][] = [];
    // The first turn of each warms up and does not count.
    for (const page of Object.values(pages)) await run(page, steps, 1);
    for (let round = 0; round < rounds; round += 1) {
      // Who comes first changes, so that a machine that slows down or speeds up favours nobody.
      const order: readonly Scrolled[] = round % 4 < 2 ? ['ours', 'labelled', 'plain'] : ['plain', 'labelled', 'ours'];
      const measured = new Map<Scrolled, Measured>();
      for (const name of order) measured.set(name, await run(pages[name], steps, round % 2 === 0 ? -1 : 1));
      const of = (name: Scrolled): Measured => measured.get(name)!;
      done.push({ ours: of('ours'), labelled: of('labelled'), plain: of('plain') });
    }
    return { pane: { width: pane.width, height: pane.height }, rounds: done };
  } finally {
    await browser.close();
    served.stop();
    await viewer.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens the phantom as a reader does, and waits until all of it is there. */
async function openSeries(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await new Reader(page).openSeries(/Tiny/, /Tiny series/);
  await page.waitForFunction(() => !document.querySelector('[role=progressbar]'), undefined, LOADING);
}

const canvasSize = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.cornerstone-canvas');
    return `${canvas?.width} x ${canvas?.height}`;
  });

async function run(page: Page, steps: number, direction: 1 | -1): Promise<Measured> {
  await page.bringToFront();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await threadSeconds(session);
  const through = await page.evaluate(scrollInPage, { steps, direction, pause: 0 });
  const threadMs = (1000 * ((await threadSeconds(session)) - before)) / steps;
  await session.detach();
  const back = direction === 1 ? -1 : 1;
  const single = await page.evaluate(scrollInPage, {
    steps: Math.ceil(steps / 4),
    direction: back,
    pause: 60,
  } as const);
  return { ...through, threadMs, inputToPaint: single.paints };
}

async function threadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
}
