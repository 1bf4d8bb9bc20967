import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { type Measured, measuredSpeed } from '../speedReport.ts';

const MIB = 2 ** 20;

/** What the page answers; it is another program. */
const answer = z.object({
  answer: z.union([
    z.object({ ok: z.literal(true), value: measuredSpeed.omit({ memory: true }) }),
    z.object({ ok: z.literal(false), error: z.object({ message: z.string() }) }),
  ]),
  memory: z.number().optional(),
});

export interface BrowserBackend {
  readonly backend: 'wasm' | 'webgpu';
  readonly threads: number;
}

/** One backend in a page of its own; what it cannot do is told in a sentence. */
export async function browserSpeed(
  browser: Browser,
  url: string,
  { backend, threads }: BrowserBackend,
  runs: number,
): Promise<Measured> {
  const name = backend === 'wasm' ? `wasm, ${threads} thread${threads === 1 ? '' : 's'}` : backend;
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await page.waitForFunction(() => 'measureSpeed' in globalThis);
    const script = `measureSpeed(${JSON.stringify({ manifestUrl: 'models/measured/manifest.json', volumeUrl: 'models/volume/manifest.json', backend, threads, runs })})`;
    const { answer: told, memory } = answer.parse(await page.evaluate(script));
    if (!told.ok) return { name, absent: told.error.message };
    return { name, speed: { ...told.value, memory: memory === undefined ? null : memory / MIB } };
  } catch (cause) {
    // A browser that dies of a backend is a result, too.
    return { name, absent: `it ended the page (${String(cause).split('\n')[0]})` };
  } finally {
    await page.close().catch(() => undefined);
  }
}
