import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { dicomWebSource } from '../../extensions/dicomweb/source.ts';
import type { WorkerModel } from '../../extensions/sam-segmentation/inference/client.ts';
import { modelFilesAt } from '../../extensions/sam-segmentation/inference/fetchModelFile.ts';
import { parseManifest } from '../../extensions/sam-segmentation/inference/manifest.ts';
import { readGraphs } from '../../extensions/sam-segmentation/inference/modelFiles.ts';
import { dyingGpu, image, prompt, start } from '../../extensions/sam-segmentation/inference/testing/localWorker.ts';
import { readTinyFile, tinyManifestText } from '../../extensions/sam-segmentation/inference/tinyModel.node.ts';
import { startEmbeddedArchive } from '../support/embeddedArchive.ts';
import { saveJourney } from '../support/saveJourney.ts';

/** A row is written when its test has come to its end: one that is missing was lost. */
const FAULTS = 10;
const lines: string[] = [];
const row = (fault: string, told: string, then: string): void =>
  void lines.push(`  ${fault.padEnd(38)}${told.padEnd(24)}${then}`);
afterAll(() => {
  console.log(
    ['faults inside the browser, at the seams', ...lines, `  ${FAULTS} faults, ${FAULTS - lines.length} lost`].join(
      '\n',
    ),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const segmented = async (model: WorkerModel): Promise<string> => {
  const embedding = await model.encode(image);
  if (!embedding.ok) return embedding.error.code;
  const mask = await model.decode(embedding.value, prompt);
  return mask.ok ? 'segmented' : mask.error.code;
};

describe('inference', () => {
  it('goes on in a new worker after a crash', async () => {
    const stuck = { now: false };
    const onRun = (): Promise<void> | void => (stuck.now ? new Promise(() => undefined) : undefined);
    const { model, workers } = await start([{ name: 'webgpu', onRun }, { name: 'wasm' }]);
    stuck.now = true;
    const under = segmented(model);
    await new Promise((resolve) => setTimeout(resolve));
    workers[0]!.crash();
    expect(await under).toBe('worker-crashed');
    expect(await segmented(model)).toBe('segmented');
    row('worker crashed', 'worker-crashed', 'a new worker answers the same prompt');
  });

  it('answers on WebAssembly when the GPU is lost', async () => {
    const { webgpu, arm } = dyingGpu();
    const { model } = await start([webgpu, { name: 'wasm' }]);
    arm();
    const first = await segmented(model);
    // A slice that was being encoded is answered; one encoded before would have to be encoded again.
    if (first !== 'segmented') expect(await segmented(model)).toBe('segmented');
    expect(model.report.backend).toBe('wasm');
    row('WebGPU device lost', first === 'segmented' ? '-' : first, `WebAssembly answers: ${model.report.backend}`);
  });

  it('fails one call alone where memory runs out', async () => {
    let full = false;
    const onRun = (): void => {
      if (full) throw new RangeError('Array buffer allocation failed');
    };
    const { model } = await start([{ name: 'wasm', onRun }]);
    full = true;
    const told = await segmented(model);
    expect(told).toBe('inference-failed');
    full = false;
    expect(await segmented(model)).toBe('segmented');
    row('out of memory', told, 'the next prompt is answered');
  });
});

describe('a model', () => {
  const manifest = (() => {
    const parsed = parseManifest(tinyManifestText, 'tiny/manifest.json');
    if (!parsed.ok || parsed.value.family !== 'sam') throw new Error('the tiny manifest is not what it was');
    return parsed.value;
  })();

  /** A server whose first answer for each file is spoilt. */
  async function serving(spoil: (bytes: Uint8Array) => Uint8Array, always = false) {
    const seen = new Set<string>();
    const server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname.replace('/tiny/', '');
      const file = manifest.files.map(({ graph }) => graph).find((entry) => entry.path === path);
      const bytes = file === undefined ? undefined : await readTinyFile(file, {});
      if (bytes === undefined || !bytes.ok) return void response.writeHead(404).end();
      response.end(seen.has(path) && !always ? bytes.value : spoil(bytes.value.slice()));
      seen.add(path);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny/manifest.json`;
    return { read: () => readGraphs(manifest, modelFilesAt(url)), stop: () => server.close() };
  }
  const flipped = (bytes: Uint8Array): Uint8Array => {
    bytes[0]! ^= 1;
    return bytes;
  };

  it.each([
    ['corrupt', flipped],
    ['truncated', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1)],
    ['too long', (bytes: Uint8Array) => Buffer.concat([bytes, bytes])],
  ] as const)('whose file arrives %s is not used, and loads when asked again', async (what, spoil) => {
    const { read, stop } = await serving(spoil);
    const told: string[] = [];
    let graphs = await read();
    while (!graphs.ok && told.length < 5) {
      expect(graphs.error.message).toMatch(/\.onnx/);
      expect(graphs.error.remedy).toBeDefined();
      told.push(graphs.error.code);
      graphs = await read();
    }
    expect(graphs.ok).toBe(true);
    expect(told.length).toBeGreaterThan(0);
    row(`model file ${what}`, told[0]!, 'loads when asked again');
    stop();
  });

  it('is fetched anew where the browser kept it damaged, and loads where nothing can be kept', async () => {
    const kept = new Map<string, Uint8Array>();
    const cache = {
      match: async (key: string) => {
        const bytes = kept.get(key);
        return bytes && new Response(bytes.slice());
      },
      put: async (key: string, response: Response) => void kept.set(key, new Uint8Array(await response.arrayBuffer())),
      delete: async (key: string) => kept.delete(key),
    };
    vi.stubGlobal('caches', { open: async () => cache });
    const { read, stop } = await serving((bytes) => bytes);
    expect((await read()).ok).toBe(true);
    for (const bytes of kept.values()) flipped(bytes);
    expect((await read()).ok).toBe(true);
    row('kept model damaged', '-', 'fetched anew');
    const full = async () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('caches', { open: async () => ({ ...cache, match: async () => undefined, put: full }) });
    expect((await read()).ok).toBe(true);
    row('quota exceeded, model', '-', 'loads, and again next time');
    stop();
  });
});

describe('a clock', () => {
  it.each([
    ['an hour back', -3_600_000],
    ['three years on', 3 * 365 * 86_400_000],
  ])('that jumps %s in the middle of saving changes nothing', async (what, by) => {
    const archive = await startEmbeddedArchive();
    const source = dicomWebSource('archive', 'Archive', archive.root, {
      backoff: { attempts: 2, firstDelayMs: 5, timeoutMs: 20_000 },
    });
    const journey = await saveJourney(source, source, 700 + Math.sign(by), () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + by });
    });
    expect(journey).toMatchObject({ told: [], lost: [], finished: true });
    row(`clock set ${what}`, '-', 'stored, read back and compared');
    await archive.stop();
  });
});
