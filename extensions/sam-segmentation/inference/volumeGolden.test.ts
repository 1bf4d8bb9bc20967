import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirroredChannels } from '../volume/mirror.ts';
import { regionOf } from '../volume/region.ts';
import { NO_PROMPT } from '../volume/regionPrompt.ts';
import { openNodeBackend } from './backends/node.ts';
import { modelFolder } from './loadModel.node.ts';
import { loadNodeVolumeModel } from './loadVolumeModel.node.ts';
import { readGraphFiles } from './modelFiles.ts';
import { checkVolumeGolden, readVolumeGolden, type VolumeGolden } from './volumeGolden.ts';
import { parseVolumeManifest } from './volumeManifest.ts';
import { createVolumeRuntime, type VolumeRuntime } from './volumeRuntime.ts';

const folder = fileURLToPath(new URL('../../../models/voxprompt-volume', import.meta.url));
let runtime: VolumeRuntime;
let golden: VolumeGolden;

beforeAll(async () => {
  const manifest = parseVolumeManifest(await readFile(`${folder}/manifest.json`, 'utf8'), 'manifest.json');
  if (!manifest.ok) throw new Error(manifest.error.message);
  const read = modelFolder(folder);
  const graphs = await readGraphFiles(manifest.value.files, read);
  const description = await readVolumeGolden(manifest.value, read);
  if (!graphs.ok || !description.ok) throw new Error('the model folder is not intact');
  golden = description.value;
  const created = await createVolumeRuntime(manifest.value, graphs.value.get('volume')!, openNodeBackend(1));
  if (!created.ok) throw new Error(created.error.cause);
  runtime = created.value;
}, 120_000);
afterAll(() => runtime?.dispose());

describe('the golden check of the volume model in Node', { timeout: 120_000 }, () => {
  it('reproduces the PyTorch model, channels included, within the tolerance that the manifest states', async () => {
    const report = await checkVolumeGolden(runtime, golden);
    if (!report.ok) throw new Error(report.error.message);
    console.log('golden, onnxruntime-node:', JSON.stringify(report.value));
    expect(report.value.withinTolerance).toBe(true);
    // Rounding the weights to fp16 must show: exact agreement would mean that the check compares nothing.
    expect(report.value.worst.logit).toBeGreaterThan(1e-6);
  });

  it('refuses numbers that are wrong, and no numbers', async () => {
    const doctored = (change: (logit: number) => number): VolumeRuntime => ({
      ...runtime,
      look: async (input) => {
        const answer = await runtime.look(input);
        return answer.ok ? { ok: true, value: { ...answer.value, logits: answer.value.logits.map(change) } } : answer;
      },
    });
    const shifted = await checkVolumeGolden(
      doctored((logit) => logit + 0.05),
      golden,
    );
    expect(shifted.ok && shifted.value.withinTolerance).toBe(false);
    const nothing = await checkVolumeGolden(
      doctored(() => Number.NaN),
      golden,
    );
    expect(nothing.ok && [nothing.value.withinTolerance, nothing.value.worst.logit]).toEqual([false, Number.NaN]);
  });

  it('says the same of a lesion and of its mirror image, where one look alone does not', async () => {
    const { size } = runtime.manifest.region;
    const box = { x0: size / 4, y0: size / 4, x1: (3 * size) / 4 - 1, y1: (3 * size) / 4 - 1 };
    const geometry = { positions: [0, 1], columnSpacing: 1, rowSpacing: 1 };
    const region = regionOf({ k: 0, box }, geometry, runtime.manifest.region);
    const image = Float32Array.from({ length: 32 * size ** 2 }, (_, index) => {
      const [x, y, z] = [index % size, Math.floor(index / size) % size, Math.floor(index / size ** 2)];
      const inside = Math.hypot(x - 30, (y - 33) * 1.2, (z - 18) * 2) < 14;
      return inside ? 0.7 + 0.003 * ((x * 7 + y * 3 + z) % 11) : 0.3 + 0.004 * ((x + y * 5 + z * 3) % 13);
    });
    const inside = new Float32Array(image.length).fill(1);
    const input = { image, inside, region, prompt: NO_PROMPT };
    const mirrored = { ...input, image: mirroredChannels(image, runtime.manifest.region) };
    const apart = async (ask: VolumeRuntime['run']): Promise<number> => {
      const [straight, other] = [await ask(input), await ask(mirrored)];
      if (!straight.ok || !other.ok) throw new Error('the model did not run');
      const back = mirroredChannels(other.value.logits, runtime.manifest.region);
      return straight.value.logits.reduce((worst, logit, index) => Math.max(worst, Math.abs(logit - back[index]!)), 0);
    };
    expect(await apart(runtime.look)).toBeGreaterThan(0.1);
    expect(await apart(runtime.run)).toBeLessThan(0.001);
  });

  it('refuses a region that is not on its grid or has no size', async () => {
    const key = { k: 0, box: { x0: 0, y0: 0, x1: 4, y1: 4 } };
    const geometry = { positions: [0, 1], columnSpacing: 1, rowSpacing: 1 };
    const region = regionOf(key, geometry, runtime.manifest.region);
    const cells = new Float32Array(32 * 64 * 64);
    const input = { image: cells, inside: cells, region, prompt: NO_PROMPT };
    for (const bad of [
      { ...input, image: new Float32Array(5) },
      { ...input, region: { ...region, depth: 16 } },
      { ...input, region: { ...region, step: Number.NaN } },
    ]) {
      const answer = await runtime.run(bad);
      expect(!answer.ok && answer.error.code).toBe('bad-model-input');
    }
  });
});

describe('loadNodeVolumeModel', { timeout: 120_000 }, () => {
  it('does not run what is cancelled, and says so after it was closed', async () => {
    const loaded = await loadNodeVolumeModel(folder, { threads: 1 });
    if (!loaded.ok) throw new Error(loaded.error.message);
    const key = { k: 0, box: { x0: 0, y0: 0, x1: 4, y1: 4 } };
    const region = regionOf(key, { positions: [0], columnSpacing: 1, rowSpacing: 1 }, loaded.value.manifest.region);
    const cells = new Float32Array(32 * 64 * 64);
    const input = { image: cells, inside: cells, region, prompt: NO_PROMPT };
    const aborted = await loaded.value.run(input, { signal: AbortSignal.abort() });
    expect(!aborted.ok && aborted.error.code).toBe('cancelled');
    expect((await loaded.value.run(input)).ok).toBe(true);
    await loaded.value.dispose();
    const closed = await loaded.value.run(input);
    expect(!closed.ok && closed.error.code).toBe('model-disposed');
  });

  it('says that another folder holds no volume model', async () => {
    const loaded = await loadNodeVolumeModel(folder.replace('voxprompt-volume', 'litemedsam'));
    expect(!loaded.ok && loaded.error.code).toBe('model-manifest-malformed');
  });
});
