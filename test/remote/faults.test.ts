import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadNodeModel, type PromptableModel, readNodeModel } from '../../extensions/sam-segmentation/node.ts';
import { writeModelRepository } from '../../src/cli/triton/modelRepository.ts';
import { type OpenInferenceDouble, startOpenInferenceDouble } from '../support/openInferenceServer.ts';

const DIRECTORY = fileURLToPath(new URL('../fixtures/sam-families/meta-sam', import.meta.url));
const TOKEN = 'a token';
const image = new Float32Array(3 * 128 * 128).fill(0.5);

let folder = '';
let server: OpenInferenceDouble;
let model: PromptableModel;

const opened = (headers: Record<string, string>, timeoutMilliseconds = 1500) =>
  loadNodeModel(DIRECTORY, { remote: { url: server.url, label: 'gpu.test', headers, timeoutMilliseconds } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxprompt-triton-'));
  const files = await readNodeModel(DIRECTORY);
  if (!files.ok || !(await writeModelRepository(files.value, join(folder, 'tiny'))).ok)
    throw new Error('no repository');
  server = await startOpenInferenceDouble(join(folder, 'tiny'), TOKEN);
  const remote = await opened({ authorization: `Bearer ${TOKEN}` });
  if (!remote.ok) throw new Error(remote.error.message);
  model = remote.value;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => server.plan());

describe('an inference server that fails', () => {
  it('does not open without its token, and says so without the token in the words', async () => {
    const refused = await opened({ authorization: 'Bearer wrong one' });
    expect(!refused.ok && refused.error).toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('HTTP 401'),
    });
    expect(JSON.stringify(refused)).not.toContain('wrong one');
  });

  it.each([['busy'], ['dropped'], ['silent']] as const)('is asked again when it is %s once', async (fault) => {
    server.plan(fault);
    expect((await model.encode(image)).ok).toBe(true);
  });

  it.each([
    ['out-of-memory', 'HTTP 500: CUDA out of memory'],
    ['login-page', 'JSON'],
    ['truncated', 'instead of'],
  ] as const)('%s fails its own call alone, with the reason', async (fault, reason) => {
    server.plan(fault);
    const failed = await model.encode(image);
    expect(!failed.ok && failed.error).toMatchObject({
      code: 'inference-failed',
      cause: expect.stringContaining(reason),
    });
    expect((await model.encode(image)).ok).toBe(true);
  });

  it('that stays silent is given up after three tries', async () => {
    server.plan('silent', 'silent', 'silent');
    const failed = await model.encode(image);
    expect(!failed.ok && failed.error.cause).toContain('gpu.test did not answer');
  });

  it('is told at once when the reader cancels', async () => {
    server.plan('silent');
    const before = server.abandoned();
    const abort = new AbortController();
    const encoding = model.encode(image, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('cancelled')), 100);
    const answer = await encoding;
    expect(!answer.ok && answer.error.code).toBe('cancelled');
    await expect.poll(() => server.abandoned()).toBeGreaterThan(before);
  });

  it('gets encodes that wait together as one batch, and decodes one by one', async () => {
    const already = server.ran.length;
    const images = Array.from({ length: 6 }, (_, index) => new Float32Array(image.length).fill(index / 10));
    const embeddings = await Promise.all(images.map((each) => model.encode(each)));
    expect(embeddings.every(({ ok }) => ok)).toBe(true);
    const encodes = server.ran.slice(already).map(({ shape }) => shape[0]);
    expect(encodes.reduce((sum, count) => sum! + count!, 0)).toBe(6);
    expect(Math.max(...encodes.map((count) => count ?? 0))).toBeGreaterThan(1);
    expect(server.ran.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  });
});
