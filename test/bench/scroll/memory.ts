import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { startChromium } from '../../e2e/support/chromium.ts';
import { startViewer } from '../../e2e/support/viewerServer.ts';
import { type PhantomShape, phantoms } from './phantom.ts';

/** What the page holds after a garbage collection, MB. */
export interface Held {
  /** JavaScript objects. */
  readonly heap: number;
  /** Array buffers, shared ones too: the pixels. Cornerstone's cache is among them. */
  readonly buffers: number;
  /** Live WebGL textures, by the sizes they were given. */
  readonly textures: number;
}

/** Opens one series after the other, which closes the one before, and reads the memory whenever all of one is there. */
export async function memoryOver(count: number, shape: PhantomShape): Promise<readonly Held[]> {
  const folder = await mkdtemp(join(tmpdir(), 'voxprompt-memory-'));
  await phantoms(folder, count, shape);
  const viewer = await startViewer(folder);
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(weighTextures);
    await page.goto(viewer.url);
    const session = await page.context().newCDPSession(page);
    const studies = page.getByRole('navigation', { name: 'Studies' });
    await studies.getByRole('button', { name: /Tiny/ }).first().click();
    const held: Held[] = [];
    for (let series = 0; series < count; series += 1) {
      await opened(page, series);
      held.push(await heldBy(session));
    }
    return held;
  } finally {
    await browser.close();
    await viewer.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function opened(page: Page, index: number): Promise<void> {
  const before = await page.evaluate(() => globalThis.voxprompt.viewer.openSeries.getState()?.series.frames[0]);
  const rows = page.getByRole('navigation', { name: 'Studies' }).getByRole('button', { name: /Tiny series/ });
  await rows.nth(index).click();
  await page.waitForFunction(
    (old) => {
      const frame = globalThis.voxprompt.viewer.openSeries.getState()?.series.frames[0];
      return frame !== undefined && frame.sopInstanceUID !== old;
    },
    before?.sopInstanceUID,
    { timeout: 120_000 },
  );
  await page.waitForFunction(() => !document.querySelector('[role=progressbar]'), undefined, { timeout: 580_000 });
  // Every slice is drawn once: what is kept for drawing is then there.
  await page.getByRole('region', { name: 'Acquired slices' }).focus();
  for (const key of ['End', 'Home', 'PageDown']) await page.keyboard.press(key);
  await page.waitForTimeout(500);
}

const MB = 1e6;

async function heldBy(session: CDPSession): Promise<Held> {
  for (let time = 0; time < 2; time += 1) await session.send('HeapProfiler.collectGarbage');
  // Protocol types of Playwright lag behind: backing stores came with Chromium 131.
  const usage: { readonly usedSize: number; readonly backingStorageSize?: number } =
    await session.send('Runtime.getHeapUsage');
  return {
    heap: usage.usedSize / MB,
    buffers: (usage.backingStorageSize ?? Number.NaN) / MB,
    textures: (await textureBytes(session)) / MB,
  };
}

/** Summed over the textures that are alive, as the browser's own debugger finds them. */
async function textureBytes(session: CDPSession): Promise<number> {
  const objectGroup = 'textures';
  const { result } = await session.send('Runtime.evaluate', { expression: 'WebGLTexture.prototype', objectGroup });
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId!,
    objectGroup,
  });
  const summed = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    functionDeclaration:
      'function () { return this.reduce((sum, one) => sum + (globalThis.textureBytes.get(one) ?? 0), 0); }',
    returnByValue: true,
  });
  await session.send('Runtime.releaseObjectGroup', { objectGroup });
  return Number(summed.result.value);
}

/** In the page, before its own scripts: notes the size of every texture, without holding on to it. */
function weighTextures(): void {
  const bytes = new WeakMap<WebGLTexture, number>();
  Object.assign(globalThis, { textureBytes: bytes });
  const prototype = WebGL2RenderingContext.prototype;
  const { texImage2D, texStorage2D, texImage3D, texStorage3D, deleteTexture } = prototype;
  const note = (gl: WebGL2RenderingContext, volume: boolean, texels: number): void => {
    const texture: unknown = gl.getParameter(volume ? gl.TEXTURE_BINDING_3D : gl.TEXTURE_BINDING_2D);
    // Texels of one to four bytes and more: counted alike, since only the change is looked at.
    if (texture instanceof WebGLTexture) bytes.set(texture, 4 * texels);
  };
  Object.assign(prototype, {
    texStorage2D(this: WebGL2RenderingContext, ...args: Parameters<typeof texStorage2D>) {
      texStorage2D.apply(this, args);
      note(this, false, args[3] * args[4]);
    },
    texStorage3D(this: WebGL2RenderingContext, ...args: Parameters<typeof texStorage3D>) {
      texStorage3D.apply(this, args);
      note(this, true, args[3] * args[4] * args[5]);
    },
    texImage2D(this: WebGL2RenderingContext, ...args: readonly number[]) {
      Reflect.apply(texImage2D, this, args);
      if (args.length >= 9) note(this, false, args[3]! * args[4]!);
    },
    texImage3D(this: WebGL2RenderingContext, ...args: readonly number[]) {
      Reflect.apply(texImage3D, this, args);
      note(this, true, args[3]! * args[4]! * args[5]!);
    },
    deleteTexture(this: WebGL2RenderingContext, texture: WebGLTexture | null) {
      if (texture !== null) bytes.delete(texture);
      deleteTexture.call(this, texture);
    },
  });
}
