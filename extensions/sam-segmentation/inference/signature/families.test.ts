import { describe, expect, it } from 'vitest';
import { openNodeBackend } from '../backends/node.ts';
import { modelFolder } from '../loadModel.node.ts';
import type { ModelManifest } from '../manifest.ts';
import { readGraphs } from '../modelFiles.ts';
import { checkPhantom } from '../phantomCheck.ts';
import { createSamRuntime } from '../samRuntime.ts';
import { familyFolder, familyManifest, SAM_FAMILIES } from '../testing/samFamilies.node.ts';

/** Loads the tiny graphs of a family with this manifest, in ONNX Runtime itself, and looks for the disc. */
async function check(name: string, manifest: ModelManifest) {
  const graphs = await readGraphs(manifest, modelFolder(familyFolder(name)));
  if (!graphs.ok) throw new Error(graphs.error.message);
  const runtime = await createSamRuntime(manifest, graphs.value, openNodeBackend(1));
  if (!runtime.ok) throw new Error(runtime.error.message);
  const checked = await checkPhantom(runtime.value);
  await runtime.value.dispose();
  return checked;
}

describe('a graph with the exact signature of a published export', () => {
  it.each(SAM_FAMILIES)('%s: is fed and read as it wants', async (name) => {
    const checked = await check(name, familyManifest(name));
    if (!checked.ok) throw new Error(`${checked.error.message} ${checked.error.cause}`);
    expect(checked.value.words).toMatch(/found (0\.9\d|1\.00)/);
    expect(checked.value.passed).toBe(true);
  });

  it.each([
    ['meta-sam', 'channels normalised as if they were in 0..1', { normalization: undefined }],
    ['sam2', 'the range of another family', { range: [0, 255] as [number, number] }],
    ['medsam', 'black and white exchanged', { range: [1, 0] as [number, number] }],
  ])('%s is refused by the self-check with %s', async (name, _, input) => {
    const manifest = familyManifest(name);
    const checked = await check(name, { ...manifest, input: { ...manifest.input, ...input } });
    expect(checked.ok && checked.value.passed).toBe(false);
  });

  it.each([
    ['efficient-sam', { pointsIn: 'input' as const }, false],
    ['transformers-sam', { box: 'corners' as const }, false],
    ['transformers-sam', { labelType: 'float32' as const }, 'inference-failed'],
    ['edge-sam', { promptAxes: 4 as const }, 'inference-failed'],
    ['sam2', { masks: 'low_res_masks' }, 'inference-failed'],
  ])('%s with a signature that is not its own does not pass: %j', async (name, signature, outcome) => {
    const manifest = familyManifest(name);
    if (manifest.family === 'sam') throw new Error('not a published family');
    const checked = await check(name, { ...manifest, signature });
    expect(checked.ok ? checked.value.passed : checked.error.code).toBe(outcome);
  });
});
