/**
 * `npm run screens [folder] [layouts]`: the built product with its demo study in Chromium, every screen at two sizes in two themes, as PNG
 * files for people to look at; with `layouts` only those of several panes. Nothing is compared: what is wrong with a picture takes an eye.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { buildIfStale, root } from '../../src/server/prepare.mjs';
import { storeLaterPhase } from './laterPhase.mjs';

const SIZES = [
  [1440, 900],
  [1024, 768],
];
const THEMES = ['dark', 'light'];
const out = process.argv[2] ?? join(root, '.tmp', 'screens');
const layoutsOnly = process.argv[3] === 'layouts';
/** Software drawing on a busy machine: nothing here is measured. */
const PATIENCE = { timeout: 180_000 };

await buildIfStale();
mkdirSync(out, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'voxprompt-screens-'));
const server = spawn(process.execPath, [join(root, 'dist', 'server.js'), '--port', '0', '--no-open', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  let said = '';
  server.stdout.on('data', (chunk) => {
    said += chunk;
    const found = /VoxPrompt is at (\S+)/.exec(said);
    if (found) resolve(found[1]);
  });
  server.once('exit', (code) => reject(new Error(`The server ended with ${code}`)));
});
// Two series of one frame of reference: what a pair is for.
await storeLaterPhase(join(root, 'dist', 'demo'), url);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    ...['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  ],
});

/** Slice (from 0) and tight box of the demo study's lesion in segment IV; the phantom is the same each time. */
const LESION = { k: 43, from: [208, 190], to: [233, 211], side: 512 };

/** One lesion from its box to the segment. */
async function segment(page, shot) {
  const image = page.getByRole('region', { name: 'Acquired slices' });
  const panel = page.getByRole('complementary', { name: 'Segmentation' });
  await page.evaluate((k) => globalThis.voxprompt.viewer.goToSlice(k), LESION.k);
  await image.focus();
  await page.keyboard.press('b');
  await shot('5-box-tool');
  const pane = await image.boundingBox();
  const scale = Math.min(pane.width, pane.height) / LESION.side;
  const at = ([x, y]) => [
    pane.x + pane.width / 2 + (x + 0.5 - LESION.side / 2) * scale,
    pane.y + pane.height / 2 + (y + 0.5 - LESION.side / 2) * scale,
  ];
  await page.mouse.move(...at(LESION.from));
  await page.mouse.down();
  await page.mouse.move(...at(LESION.to), { steps: 6 });
  await page.mouse.up();
  await panel.getByRole('button', { name: /^Propagate/ }).waitFor(PATIENCE);
  await panel
    .getByRole('list', { name: 'Prompts' })
    .filter({ hasNotText: /computing/ })
    .waitFor(PATIENCE);
  await shot('6-mask');
  await image.focus();
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: /^Accept\s*Enter$/ }).waitFor(PATIENCE);
  await shot('7-review');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: /^Accept/ }).waitFor({ ...PATIENCE, state: 'detached' });
  await shot('8-accepted');
}

/** What was accepted, to the archive. */
async function save(page, shot) {
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Save', exact: true }).waitFor(PATIENCE);
  await shot('9-save');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.getByRole('heading', { name: 'Stored' }).waitFor(PATIENCE);
  await shot('10-stored');
  await dialog.getByRole('button', { name: 'Done' }).click();
}

/** Several panes, with an accepted segment in them. */
async function layouts(page, shot) {
  const image = page.getByRole('region', { name: 'Acquired slices' });
  const layout = async (key, pane) => {
    await image.focus();
    await page.keyboard.press(key);
    await page.getByRole('region', { name: pane }).waitFor(PATIENCE);
    await page.waitForTimeout(3000);
  };
  await layout('a', 'Coronal');
  await shot('11-planes');
  await layout('y', 'Second series');
  await shot('18-pair');
  await layout('v', '3D');
  await page.waitForTimeout(6000);
  await shot('19-planes-and-3d');
  await layout('q', 'Acquired slices');
}

/** From the first page to an open series. */
async function openSeries(page, shot) {
  await page.getByRole('navigation', { name: 'Studies' }).getByRole('button').first().waitFor(PATIENCE);
  await shot('1-welcome');
  await page.getByRole('combobox', { name: 'Study date' }).selectOption('range');
  const study = page.locator('button[aria-expanded=false]', { hasText: /synthetic/i }).first();
  await study.waitFor(PATIENCE);
  await study.click();
  await page.locator('nav canvas').first().waitFor(PATIENCE);
  await shot('2-studies');
  await page
    .getByRole('button', { name: /NOT A PATIENT.*images/ })
    .first()
    .click();
  await page
    .getByText(/^Slice \d+ \/ \d+/)
    .first()
    .waitFor(PATIENCE);
  await page.waitForFunction(
    () => document.querySelector('[aria-label^="Loading images"]') === null,
    undefined,
    PATIENCE,
  );
  const image = page.getByRole('region', { name: 'Acquired slices' });
  await image.hover();
  await shot('3-series');
}

/** What a reader goes through, each step with its picture. */
async function walk(page, shot) {
  await openSeries(page, shot);
  const image = page.getByRole('region', { name: 'Acquired slices' });
  await page.keyboard.press('Shift+m');
  await page.keyboard.press('x');
  for (const [key, times] of [
    ['Shift+Alt+ArrowLeft', 3],
    ['Shift+Alt+ArrowRight', 6],
    ['Shift+Alt+ArrowUp', 2],
    ['Shift+Alt+ArrowDown', 4],
  ]) {
    for (let step = 0; step < times; step += 1) await page.keyboard.press(key);
    await page.keyboard.press('.');
  }
  await shot('4-measure');
  await segment(page, shot);
  await save(page, shot);
  await layouts(page, shot);
  await page.getByRole('button', { name: 'Measure' }).click();
  await shot('12-menu');
  await page.keyboard.press('Escape');
  await image.focus();
  for (const [key, name] of [
    ['?', '13-keys'],
    ['Control+k', '14-palette'],
    ['Control+,', '15-settings'],
    ['u', '16-series-info'],
  ]) {
    await image.focus();
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor(PATIENCE);
    await shot(name);
    await page.keyboard.press('Escape');
  }
  await image.focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('manage models');
  await page.keyboard.press('Enter');
  await page.getByRole('listitem', { name: 'LiteMedSAM' }).waitFor(PATIENCE);
  await shot('12-models');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 800, height: 600 });
  await page.waitForTimeout(1000);
  await shot('17-narrow');
}

try {
  for (const [width, height] of SIZES) {
    for (const theme of THEMES) {
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.addInitScript(
        (name) => localStorage.setItem('voxprompt.settings', JSON.stringify({ theme: name })),
        theme,
      );
      await page.goto(url);
      const shot = async (name) => {
        await page.waitForTimeout(600);
        const path = join(out, `${name}-${width}-${theme}.png`);
        await page.screenshot({ path, ...PATIENCE });
        console.log(path);
      };
      if (layoutsOnly) {
        await openSeries(page, async () => {});
        await segment(page, async () => {});
        await layouts(page, shot);
      } else await walk(page, shot);
      await context.close();
    }
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
}
