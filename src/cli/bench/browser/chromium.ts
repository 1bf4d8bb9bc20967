import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Chromium without a window, with a real graphics adapter where there is one, and WebGL in software where there is none.
 * VOXPROMPT_CHROMIUM names another one. @returns error `no-chromium`
 */
export async function startChromium(): Promise<Result<Browser>> {
  const executablePath = [process.env.VOXPROMPT_CHROMIUM ?? '', ...PLACES].find(
    (path) => path !== '' && existsSync(path),
  );
  if (executablePath === undefined) return err(missing('no Chromium was found; VOXPROMPT_CHROMIUM may name one'));
  try {
    const { chromium } = await import('playwright-core');
    const args = [
      ...['--headless', '--no-sandbox', '--no-first-run', '--disable-quic', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update', '--ignore-gpu-blocklist'],
      ...['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--enable-unsafe-swiftshader'],
      '--enable-blink-features=ForceEagerMeasureMemory',
    ];
    return ok(await chromium.launch({ executablePath, args }));
  } catch (cause) {
    return err({ ...missing('Chromium could not be started'), cause: String(cause).split('\n', 1).join('') });
  }
}

const missing = (what: string) => appError('no-chromium', what);
