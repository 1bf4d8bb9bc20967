import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadNodeModel } from './loadModel.node.ts';
import type { PromptableModel } from './model.ts';

const folder = fileURLToPath(new URL('../../../models/litemedsam', import.meta.url));
const files = ['manifest.json', 'encoder.onnx', 'encoder.fp16.bin', 'decoder.onnx', 'decoder.fp16.bin'];
let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'voxprompt-model-'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** A model folder of links to the real files, except for those given. */
async function folderWith(name: string, changed: Readonly<Record<string, string | Uint8Array | undefined>>) {
  const target = await mkdtemp(join(copy, name));
  for (const file of files) {
    const content = file in changed ? changed[file] : join(folder, file);
    if (content === undefined) continue;
    if (file in changed) await writeFile(join(target, file), content);
    else await symlink(join(folder, file), join(target, file)).catch(() => cp(join(folder, file), join(target, file)));
  }
  return target;
}

describe('loadNodeModel on a damaged model folder', () => {
  it('names the file whose bytes differ, with the expected and the actual hash', async () => {
    const bytes = new Uint8Array(await readFile(join(folder, 'decoder.fp16.bin')));
    bytes[1000] = bytes[1000]! ^ 1;
    const loaded = await loadNodeModel(await folderWith('flipped-', { 'decoder.fp16.bin': bytes }));
    expect(loaded.ok).toBe(false);
    if (loaded.ok) return;
    expect(loaded.error.code).toBe('model-hash-mismatch');
    expect(loaded.error.message).toContain('decoder.fp16.bin');
    expect(loaded.error.context?.expected).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.error.context?.actual).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.error.context?.actual).not.toBe(loaded.error.context?.expected);
  });

  it('names the file that is missing', async () => {
    const loaded = await loadNodeModel(await folderWith('missing-', { 'encoder.onnx': undefined }));
    expect(!loaded.ok && [loaded.error.code, loaded.error.context?.file]).toEqual([
      'model-file-unreadable',
      'encoder.onnx',
    ]);
  });

  it('says that a folder is no model folder', async () => {
    const loaded = await loadNodeModel(join(copy, 'nothing-here'));
    expect(!loaded.ok && loaded.error.code).toBe('model-file-unreadable');
    expect(!loaded.ok && loaded.error.message).not.toContain(copy);
  });

  it('names the field of a malformed manifest', async () => {
    const manifest = (await readFile(join(folder, 'manifest.json'), 'utf8')).replace('"factor": 2', '"factor": "2"');
    const loaded = await loadNodeModel(await folderWith('manifest-', { 'manifest.json': manifest }));
    expect(!loaded.ok && loaded.error.message).toContain('region.factor');
  });

  it('reports a graph that ONNX Runtime cannot load', async () => {
    const junk = new TextEncoder().encode('not a protobuf at all');
    const { createHash } = await import('node:crypto');
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as {
      files: { graph: { sha256: string } }[];
    };
    manifest.files[0]!.graph.sha256 = createHash('sha256').update(junk).digest('hex');
    const loaded = await loadNodeModel(
      await folderWith('junk-', { 'encoder.onnx': junk, 'manifest.json': JSON.stringify(manifest) }),
    );
    expect(!loaded.ok && loaded.error.code).toBe('model-load-failed');
    expect(!loaded.ok && loaded.error.cause).toBeTruthy();
  });
});

describe('loadNodeModel on LiteMedSAM', { timeout: 120_000 }, () => {
  let model: PromptableModel;
  const size = 256;
  const blank = new Float32Array(3 * size * size).fill(0.5);

  beforeAll(async () => {
    const loaded = await loadNodeModel(folder);
    if (!loaded.ok) throw new Error(loaded.error.message);
    model = loaded.value;
  });
  afterAll(() => model?.dispose());

  it('encodes once and decodes once per prompt', async () => {
    const embedding = await model.encode(blank);
    if (!embedding.ok) throw new Error(embedding.error.message);
    const box = [
      { x: 60, y: 70, label: 2 },
      { x: 120, y: 140, label: 3 },
    ] as const;
    const first = await model.decode(embedding.value, { points: box });
    const again = await model.decode(embedding.value, { points: box });
    const point = await model.decode(embedding.value, { points: [{ x: 90, y: 100, label: 1 }] });
    if (!first.ok || !again.ok || !point.ok) throw new Error('a decode failed');
    expect([first.value.width, first.value.height, first.value.logits.length]).toEqual([size, size, size * size]);
    expect(again.value.logits).toEqual(first.value.logits);
    expect(point.value.logits).not.toEqual(first.value.logits);
    model.release(embedding.value);
    const released = await model.decode(embedding.value, { points: box });
    expect(!released.ok && released.error.code).toBe('embedding-evicted');
  });

  it('refuses an image of the wrong size and a prompt that is none', async () => {
    const wrong = await model.encode(new Float32Array(10));
    expect(!wrong.ok && wrong.error.code).toBe('bad-model-input');
    const embedding = await model.encode(blank);
    if (!embedding.ok) throw new Error(embedding.error.message);
    for (const prompt of [
      { points: [] },
      { points: [{ x: 1, y: 1, label: 2 as const }] },
      { points: [{ x: Number.NaN, y: 1, label: 1 as const }] },
      { points: [], maskInput: new Float32Array(7) },
    ]) {
      const decoded = await model.decode(embedding.value, prompt);
      expect(!decoded.ok && decoded.error.code).toBe('bad-model-input');
    }
  });

  it('does not run what is cancelled', async () => {
    const result = await model.encode(blank, { signal: AbortSignal.abort() });
    expect(!result.ok && result.error.code).toBe('cancelled');
  });

  it('says so after it was closed', async () => {
    await model.dispose();
    const result = await model.encode(blank);
    expect(!result.ok && result.error.code).toBe('model-disposed');
  });
});
