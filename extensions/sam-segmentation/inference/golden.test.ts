import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openNodeBackend } from './backends/node.ts';
import { checkGolden, readGolden } from './golden.ts';
import { modelFolder } from './loadModel.node.ts';
import { parseManifest } from './manifest.ts';
import { readGraphs } from './modelFiles.ts';
import { createSamRuntime, type SamRuntime } from './samRuntime.ts';

const folder = fileURLToPath(new URL('../../../models/litemedsam', import.meta.url));
const opened: SamRuntime[] = [];
afterAll(async () => {
  for (const runtime of opened) await runtime.dispose();
});

async function litemedsam() {
  const manifest = parseManifest(await readFile(`${folder}/manifest.json`, 'utf8'), 'litemedsam/manifest.json');
  if (!manifest.ok) throw new Error(manifest.error.message);
  const read = modelFolder(folder);
  const graphs = await readGraphs(manifest.value, read);
  const golden = await readGolden(manifest.value, read);
  if (!graphs.ok || !golden.ok || golden.value === undefined || manifest.value.golden === undefined)
    throw new Error('the model folder is not intact');
  const runtime = await createSamRuntime(manifest.value, graphs.value, openNodeBackend());
  if (!runtime.ok) throw new Error(runtime.error.cause);
  opened.push(runtime.value);
  return { tolerance: manifest.value.golden.tolerance, golden: golden.value, runtime: runtime.value };
}

describe('the golden check of LiteMedSAM in Node', () => {
  it('reproduces the PyTorch model within the tolerance that the manifest states', async () => {
    const { tolerance, golden, runtime } = await litemedsam();
    const report = await checkGolden(runtime, golden, tolerance);
    if (!report.ok) throw new Error(report.error.message);
    console.log('golden, onnxruntime-node:', JSON.stringify(report.value));
    expect(report.value.withinTolerance).toBe(true);
    // Rounding the weights to fp16 must show: exact agreement would mean that the check compares nothing.
    expect(report.value.worst.embedding).toBeGreaterThan(1e-4);
    expect(report.value.worst.logit).toBeGreaterThan(1e-3);

    const zeros = { image_embeddings: { data: new Float32Array(256 * 64 * 64), dims: [1, 256, 64, 64] } };
    const deaf: SamRuntime = {
      ...runtime,
      encode: async () => ({ ok: true, value: zeros }),
      decode: async (embedding, prompt) => {
        const mask = await runtime.decode(embedding, prompt);
        return mask.ok ? { ok: true, value: { ...mask.value, logits: mask.value.logits.map(() => Number.NaN) } } : mask;
      },
    };
    const nan = await checkGolden(deaf, golden, tolerance);
    expect(nan.ok && nan.value.withinTolerance).toBe(false);
    expect(nan.ok && nan.value.worst.logit).toBeNaN();

    const wrongRange: SamRuntime = { ...runtime, encode: (image) => runtime.encode(image.map((value) => value * 255)) };
    const wrong = await checkGolden(wrongRange, golden, tolerance);
    expect(wrong.ok && wrong.value.withinTolerance).toBe(false);
  }, 180_000);
});
