import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { LESIONS } from '../../../server/demo/lesions.ts';
import { lesionCentre } from '../../../server/demo/phantom.ts';
import { PROJECT } from '../../model.ts';
import type { ApplicationSpeed } from '../speedReport.ts';

/** Lesions of the demo study, and half of the box drawn about each, px. */
const [FIRST, SECOND] = [
  { name: 'Hypodense metastasis, segment IV', half: 13 },
  { name: 'Hypervascular lesion, right lobe', half: 17 },
];
const PATIENCE_MS = 600_000;

/** Milliseconds since the mouse was let go. */
const masks = z.object({ first: z.number(), whole: z.number(), now: z.number() });
const observed = z.object({
  tasks: z.array(z.object({ start: z.number(), duration: z.number() })),
  frames: z.array(z.object({ start: z.number(), duration: z.number(), scripts: z.array(z.string()) })),
});

/**
 * The product as `npm start` runs it, on its demo study: a box, a propagation, when the masks come, and every long task of the main
 * thread from Enter until the lesion is offered for acceptance. Twice: at once in a fresh page, where both models are still to be
 * loaded, and again with Enter as soon as a mask is seen.
 */
export async function applicationSpeed(browser: Browser): Promise<ApplicationSpeed | { readonly absent: string }> {
  // Not bundled: it finds the project from where it lies.
  const prepare = pathToFileURL(join(PROJECT, 'src', 'server', 'prepare.mjs')).href;
  const { buildIfStale } = (await import(/* @vite-ignore */ prepare)) as { buildIfStale(): Promise<void> };
  await buildIfStale();
  const data = await mkdtemp(join(tmpdir(), 'voxprompt-speed-app-'));
  const args = [join(PROJECT, 'dist', 'server.js'), '--port', '0', '--no-open', '--data', data];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await page.goto(await addressOf(server));
    await openDemo(page);
    const panel = page.getByRole('complementary', { name: 'Segmentation' });
    await page.evaluate(WATCH);
    await page.evaluate('globalThis.watchMasks()');
    await drawBox(page, FIRST);
    const cold = await propagated(page, panel);
    const slices = await page.getByRole('region', { name: 'Propagation' }).getByRole('option').count();
    await page.keyboard.press('Enter');
    await seen(page, false);
    await page.evaluate('globalThis.watchMasks()');
    await drawBox(page, SECOND);
    await seen(page, true);
    const warm = await propagated(page, panel);
    const backend = /(WebGPU|WebAssembly)(, \d+ threads?)?/.exec((await panel.textContent()) ?? '')?.[0] ?? 'not told';
    return { backend, slices, cold, warm };
  } catch (cause) {
    return { absent: `the journey failed: ${String(cause).split('\n')[0]}` };
  } finally {
    await page.close().catch(() => undefined);
    server.kill('SIGTERM');
    await rm(data, { recursive: true, force: true });
  }
}

/** Waits until a mask is shown that is not accepted yet, or none is. */
async function seen(page: Page, mask: boolean): Promise<void> {
  const shown = `voxprompt.labelmap.state.getState().preview !== undefined`;
  const since = performance.now();
  while ((await page.evaluate(shown)) !== mask) {
    if (performance.now() - since > PATIENCE_MS) throw new Error(`No change of the mask that is shown`);
    await page.waitForTimeout(100);
  }
}

/** Propagates what is boxed. */
async function propagated(page: Page, panel: Locator): Promise<ApplicationSpeed['warm']> {
  await panel.getByRole('button', { name: 'Propagate' }).waitFor({ timeout: PATIENCE_MS });
  await page.evaluate('globalThis.longTasks()');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: /^Accept\s*Enter$/ }).waitFor({ timeout: PATIENCE_MS });
  const { first, whole, now } = masks.parse(await page.evaluate('globalThis.masksSeen()'));
  const { tasks, frames } = observed.parse(await page.evaluate('globalThis.longTasks()'));
  const sorted = tasks.toSorted((a, b) => b.duration - a.duration);
  return {
    firstMask: first / 1000,
    wholeLesion: whole / 1000,
    seconds: now / 1000,
    longTaskCount: tasks.length,
    longTasks: sorted.slice(0, 10).map(({ start, duration }) => ({
      duration,
      scripts: frames
        .filter((frame) => frame.start < start + duration && frame.start + frame.duration > start)
        .flatMap(({ scripts }) => scripts),
    })),
  };
}

/**
 * Runs in the page. `longTasks` gives what there was since it was last asked; a long animation frame names the scripts that a long
 * task only counts. `masksSeen` tells when a mask was first shown, and when on several slices, since the mouse was let go.
 */
const WATCH = `(() => {
  const tasks = [], frames = [];
  const keep = (type, take) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
    observer.observe({ type });
    return () => observer.takeRecords().forEach(take);
  };
  const flush = [
    keep('longtask', ({ startTime, duration }) => tasks.push({ start: startTime, duration })),
    keep('long-animation-frame', ({ startTime, duration, scripts }) =>
      frames.push({ start: startTime, duration, scripts: scripts.map((s) =>
        s.invoker.split('/').at(-1) + ' ' + s.sourceFunctionName + ' ' + s.sourceURL.split('/').at(-1) + ':' +
        s.sourceCharPosition + ' ' + Math.round(s.duration) + ' ms, layout ' + Math.round(s.forcedStyleAndLayoutDuration) + ' ms') })),
  ];
  globalThis.watchMasks = () => {
    const at = {};
    addEventListener('mouseup', () => { at.up = performance.now(); }, { once: true, capture: true });
    const stop = voxprompt.labelmap.state.subscribe(() => {
      if (at.up === undefined) return;
      const slices = voxprompt.labelmap.state.getState().preview?.slices.size ?? 0;
      if (slices > 0) at.first ??= performance.now();
      if (slices > 1) at.whole ??= performance.now();
    });
    globalThis.masksSeen = () => {
      stop();
      return { first: at.first - at.up, whole: at.whole - at.up, now: performance.now() - at.up };
    };
  };
  globalThis.longTasks = () => {
    flush.forEach((now) => now());
    return { tasks: tasks.splice(0), frames: frames.splice(0) };
  };
})()`;

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const address = /VoxPrompt is at (\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}`)));
  });
}

async function openDemo(page: Page): Promise<void> {
  const studies = page.getByRole('navigation', { name: 'Studies' });
  const study = studies.getByRole('button', { name: /Phantom/ }).first();
  await study.waitFor({ timeout: 120_000 });
  if ((await study.getAttribute('aria-expanded')) !== 'true') await study.click();
  await studies
    .getByRole('button', { name: /60 images/ })
    .first()
    .click();
  await page
    .getByText(/^Slice \d+ \/ \d+/)
    .first()
    .waitFor({ timeout: 120_000 });
}

/** Of a pane that has its last size: the strip takes its place from it when the tool is taken. */
async function settledBounds(pane: Locator): Promise<NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>> {
  let before = await pane.boundingBox();
  for (;;) {
    await pane.page().waitForTimeout(500);
    const now = await pane.boundingBox();
    if (now !== null && now.height === before?.height && now.y === before.y) return now;
    before = now;
  }
}

async function drawBox(page: Page, lesion: typeof FIRST): Promise<void> {
  const { half } = lesion;
  const { k, column, row } = lesionCentre(LESIONS.findIndex(({ name }) => name === lesion.name));
  await page.evaluate(`voxprompt.viewer.goToSlice(${k})`);
  // Not waitForFunction: it evaluates text in the page, which the Content Security Policy forbids.
  while ((await page.evaluate('voxprompt.viewer.currentSlice.getState()')) !== k) await page.waitForTimeout(100);
  const pane = page.getByRole('region', { name: 'Acquired slices' });
  await pane.focus();
  await page.keyboard.press('b');
  const bounds = await settledBounds(pane);
  // The demo's slices are square and fill the pane.
  const scale = Math.min(bounds.width, bounds.height) / 512;
  const at = (x: number, y: number) =>
    [
      bounds.x + bounds.width / 2 + (x + 0.5 - 256) * scale,
      bounds.y + bounds.height / 2 + (y + 0.5 - 256) * scale,
    ] as const;
  await page.mouse.move(...at(column - half, row - half));
  await page.mouse.down();
  await page.mouse.move(...at(column, row), { steps: 4 });
  await page.mouse.move(...at(column + half, row + half), { steps: 4 });
  await page.mouse.up();
}
