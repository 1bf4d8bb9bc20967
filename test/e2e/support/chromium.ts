import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

export const CHROMIUM = '/usr/bin/chromium';

export const hasChromium = existsSync(CHROMIUM);

/** Debian's Chromium, headless, with software WebGL and none of its own network traffic. */
export const startChromium = (...more: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      ...more,
    ],
  });

export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the page, and requests that left the origin: a good run leaves both empty. */
  readonly complaints: readonly string[];
}

/** A page whose console, failures and requests are watched. */
export async function watchedPage(browser: Browser, url: string, width = 1440, height = 900): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width, height } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) {
      complaints.push(`request to ${new URL(request.url()).host}`);
    }
  });
  await page.goto(url);
  return { page, complaints };
}
