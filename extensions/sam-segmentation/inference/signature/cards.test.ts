import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../library/checkGraph.ts';
import { readOnnxGraph } from '../../library/onnxGraph.ts';
import { openNodeBackend } from '../backends/node.ts';
import { modelFolder } from '../loadModel.node.ts';
import { type ModelManifest, parseManifest } from '../manifest.ts';
import { readGraphs } from '../modelFiles.ts';
import { checkPhantom } from '../phantomCheck.ts';
import { createSamRuntime } from '../samRuntime.ts';
import { familyFolder, familyManifest } from '../testing/samFamilies.node.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Every manifest of the page about models that people may bring. */
const examples = [...readFileSync(`${root}/models/README.md`, 'utf8').matchAll(/```json\n([\s\S]*?)\n```/g)].map(
  ([, text]) => text!,
);

function parsed(text: string): ModelManifest {
  const manifest = parseManifest(text, 'models/README.md');
  if (!manifest.ok) throw new Error(manifest.error.message);
  return manifest.value;
}

describe('the manifests of models/README.md', () => {
  it.each([
    ['sam-vit-b', 'meta-sam'],
    ['mobile-sam', 'mobile-sam'],
    ['edge-sam-3x', 'edge-sam'],
    ['efficient-sam-ti', 'efficient-sam'],
    ['slimsam-77', 'transformers-sam'],
    ['medsam-vit-b', 'medsam'],
    ['sam2-1-tiny', 'sam2'],
    ['medsam2', 'sam2'],
  ])('%s: finds the disc in a graph with that export’s signature', async (id, family) => {
    const example = examples.map(parsed).find((manifest) => manifest.id === id);
    if (example === undefined) throw new Error('it has no manifest');
    const tiny = familyManifest(family);
    // Everything as the page says, but for the files, which are tiny, and so are their frames.
    const manifest = {
      ...example,
      input: { ...example.input, size: tiny.input.size },
      output: tiny.output,
      files: tiny.files,
    } as ModelManifest;
    for (const { role, graph } of manifest.files) {
      const read = readOnnxGraph(new Uint8Array(readFileSync(`${familyFolder(family)}/${graph.path}`)), graph.path);
      expect(read.ok && checkGraph(manifest, role, read.value, graph.path)).toBeUndefined();
    }
    const graphs = await readGraphs(manifest, modelFolder(familyFolder(family)));
    if (!graphs.ok) throw new Error(graphs.error.message);
    const runtime = await createSamRuntime(manifest, graphs.value, openNodeBackend(1));
    if (!runtime.ok) throw new Error(runtime.error.message);
    const checked = await checkPhantom(runtime.value);
    await runtime.value.dispose();
    expect(checked.ok && checked.value.words).toMatch(/found (0\.9\d|1\.00)/);
  });

  it('are eight, one of each kind, none with a hash that it does not have', () => {
    expect(new Set(examples.map((text) => parsed(text).id)).size).toBe(8);
    for (const text of examples) {
      for (const { graph } of parsed(text).files) expect(graph.sha256).toBe('0'.repeat(64));
    }
  });
});
