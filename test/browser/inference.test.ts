import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, startChromium } from '../e2e/support/chromium.ts';
import { buildPage, fileOf, typeOf } from '../support/builtPage.ts';
import type { Segmented } from './inference/page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const models = join(root, 'models');

interface GoldenJson {
  readonly image: { offset: number; bytes: number };
  readonly prompts: readonly {
    name: string;
    points: { x: number; y: number; label: 0 | 1 | 2 | 3 }[];
    maskFrom?: number;
    score: number;
    logits: { offset: number; bytes: number; stride: number };
  }[];
}

/** Serves the built page and models/, with or without cross-origin isolation; can damage one file on the way. */
async function serve(folder: string, isolated: boolean, damaged?: string): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    const file = path.startsWith('/models/') ? join(models, path.slice(8)) : join(folder, fileOf(path));
    const body = await readFile(file).catch(() => undefined);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (damaged !== undefined && path.endsWith(damaged)) body[body.length - 1]! ^= 1;
    response.writeHead(200, {
      'Content-Type': typeOf(file),
      ...(isolated
        ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
        : {}),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe.skipIf(!hasChromium)('the inference worker in Chromium, built for production', () => {
  let folder: string;
  let browser: Browser;
  let golden: GoldenJson;
  let data: Buffer;
  const servers: Server[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxprompt-inference-'));
    await buildPage(new URL('inference', import.meta.url), folder);
    browser = await startChromium('--enable-unsafe-webgpu');
    golden = JSON.parse(await readFile(join(models, 'litemedsam/golden.json'), 'utf8')) as GoldenJson;
    data = await readFile(join(models, 'litemedsam/golden.bin'));
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    requested.length = 0;
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(isolated: boolean, damaged?: string): Promise<{ page: Page; url: string }> {
    const { server, url } = await serve(folder, isolated, damaged);
    servers.push(server);
    const page = await (await browser.newContext()).newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => console.log('page error:', error.message));
    page.on('console', (message) => message.type() === 'error' && console.log('console:', message.text()));
    await page.goto(url);
    return { page, url };
  }

  const start = (page: Page): Promise<unknown> =>
    page.evaluate(() => window.inference.start('models/litemedsam/manifest.json'));

  const segmentGolden = (page: Page): Promise<Segmented> => {
    const grey = [...data.subarray(golden.image.offset, golden.image.offset + golden.image.bytes)];
    const prompts = golden.prompts.map(({ points, maskFrom }) => ({
      points,
      ...(maskFrom === undefined ? {} : { maskFrom }),
    }));
    return page.evaluate(([image, wanted]) => window.inference.segment(image, wanted), [grey, prompts] as const);
  };

  /** Largest difference of the sampled logits from PyTorch's, over all golden prompts. */
  const logitDifference = ({ masks }: Segmented): number =>
    Math.max(
      ...golden.prompts.flatMap(({ logits: at }, prompt) => {
        const columns = 256 / at.stride;
        return Array.from({ length: at.bytes / 4 }, (_, index) => {
          const [x, y] = [(index % columns) * at.stride, Math.floor(index / columns) * at.stride];
          return Math.abs(masks[prompt]!.logits[y * 256 + x]! - data.readFloatLE(at.offset + 4 * index));
        });
      }),
    );

  it('refuses software WebGPU, runs on WebAssembly with threads, and agrees with PyTorch within the tolerance', async () => {
    const { page, url } = await open(true);
    const first = (await start(page)) as { report: { attempts: unknown[] }; bytes: number };
    console.log('start, isolated:', JSON.stringify(first));
    const stored = await Promise.all(
      ['encoder.onnx', 'encoder.fp16.bin', 'decoder.onnx', 'decoder.fp16.bin'].map(
        async (name) => (await stat(join(models, 'litemedsam', name))).size,
      ),
    );
    const total = stored.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeLessThanOrEqual(25e6);
    expect(first).toMatchObject({
      isolated: true,
      bytes: total,
      stages: ['download', 'wasm'],
      report: { backend: 'wasm', attempts: [{ backend: 'webgpu' }, { backend: 'wasm', outcome: 'ok' }] },
    });
    const threads = await page.evaluate(() => navigator.hardwareConcurrency);
    expect(first).toMatchObject({ report: { threads: threads <= 4 ? threads : expect.any(Number) } });
    expect(first.report.attempts).toMatchObject([
      {
        outcome: expect.stringMatching(/^(refused|unavailable)$/),
        reason: expect.stringMatching(/software|no graphics adapter|no WebGPU/),
      },
      { reason: expect.stringContaining('the golden output was reproduced') },
    ]);

    const result = await segmentGolden(page);
    console.log(
      'encode ms',
      result.encode,
      'decode ms',
      result.decode,
      'largest logit difference',
      logitDifference(result),
    );
    expect(logitDifference(result)).toBeLessThan(0.12);
    expect(logitDifference(result)).toBeGreaterThan(0.001);
    result.masks.forEach(({ score }, index) => {
      expect(Math.abs(score - golden.prompts[index]!.score)).toBeLessThan(0.002);
    });

    const aborted = await page.evaluate(() => window.inference.encodeAborted(20));
    expect(aborted.code).toBe('cancelled');
    expect(await page.evaluate(() => window.inference.decodeReleased())).toBe('embedding-evicted');
    expect(requested.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);

    requested.length = 0;
    await page.reload();
    const second = await start(page);
    console.log('second start:', JSON.stringify(second));
    expect(second).toMatchObject({ report: { backend: 'wasm', attempts: [{}, { outcome: 'ok' }] } });
    expect(JSON.stringify(second)).toContain('the self-check was passed earlier on this browser');
    expect(requested.filter((address) => address.endsWith('.bin'))).toEqual([]);
    await page.context().close();
  });

  it('runs with one thread, and says why, where the page is not cross-origin isolated', async () => {
    const { page } = await open(false);
    const report = await start(page);
    console.log('start, not isolated:', JSON.stringify(report));
    expect(report).toMatchObject({ isolated: false, report: { backend: 'wasm', threads: 1 } });
    expect(JSON.stringify(report)).toContain('not cross-origin isolated');
    const result = await segmentGolden(page);
    console.log('one thread: encode ms', result.encode, 'decode ms', result.decode);
    expect(logitDifference(result)).toBeLessThan(0.12);
    await page.context().close();
  });

  it('runs a small graph on WebGPU as on WebAssembly, and notices when the device is lost', async (context) => {
    const { page } = await open(true);
    const result = await page.evaluate(() => window.inference.compareBackends());
    console.log('WebGPU against WebAssembly:', JSON.stringify(result));
    if (JSON.stringify(result).includes('backend-unavailable')) context.skip('this Chromium offers no WebGPU adapter');
    const measured = result as { values: number; spread: number; difference: number; lost: string };
    expect(measured).toMatchObject({ refused: { error: { code: 'backend-refused' } }, values: 1024 });
    expect(measured.spread).toBeGreaterThan(0.5);
    expect(measured.difference).toBeLessThan(1e-4);
    expect(measured.lost.length).toBeGreaterThan(0);
    await page.context().close();
  });

  it('names the file that was damaged on the way', async () => {
    const { page } = await open(true, 'decoder.fp16.bin');
    expect(await start(page)).toMatchObject({
      error: { code: 'model-hash-mismatch', context: { file: 'decoder.fp16.bin' } },
    });
    await page.context().close();
  });
});
