import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../inference/signature/signatureOf.ts';
import { familyFolder, familyManifest, SAM_FAMILIES } from '../inference/testing/samFamilies.node.ts';
import { checkGraph } from './checkGraph.ts';
import { readOnnxGraph } from './onnxGraph.ts';
import { type FoundGraph, recognise } from './recognise.ts';

function graphAt(folder: string, path: string): FoundGraph {
  const read = readOnnxGraph(new Uint8Array(readFileSync(`${familyFolder(folder)}/${path}`)), path);
  if (!read.ok) throw new Error(read.error.message);
  return { path, graph: read.value };
}
const graphsOf = (folder: string) => ['decoder.onnx', 'encoder.onnx'].map((path) => graphAt(folder, path));

describe('a folder of graphs without a manifest', () => {
  it.each(SAM_FAMILIES)('%s: family, signature and sizes as its manifest says', (folder) => {
    const found = recognise(graphsOf(folder));
    if (!found.ok) throw new Error(`${found.error.message} ${found.error.cause}`);
    const manifest = familyManifest(folder);
    const { family, signature, encoder, decoder, inputSize, outputSize } = found.value;
    expect({ family, encoder: encoder.path, decoder: decoder.path }).toEqual({
      family: manifest.family,
      encoder: 'encoder.onnx',
      decoder: 'decoder.onnx',
    });
    if (manifest.family === 'sam') throw new Error('not a published family');
    expect(signatureOf({ ...manifest, family, signature })).toEqual(signatureOf(manifest));
    expect(inputSize).toBe(128);
    expect([64, undefined]).toContain(outputSize);
  });

  it('is not guessed at where two pairs would do, or none', () => {
    const twice = [...graphsOf('edge-sam'), { ...graphAt('edge-sam', 'encoder.onnx'), path: 'encoder_quantized.onnx' }];
    const mixed = [graphAt('edge-sam', 'encoder.onnx'), graphAt('sam2', 'decoder.onnx')];
    for (const [graphs, said] of [
      [twice, /more than one pair/],
      [mixed, /not those of a Segment Anything export/],
      [[], /neither a manifest.json nor an ONNX graph/],
    ] as const) {
      const found = recognise(graphs);
      expect(!found.ok && [found.error.code, found.error.message]).toEqual([
        'model-not-recognised',
        expect.stringMatching(said),
      ]);
    }
  });
});

describe('checkGraph', () => {
  it.each(SAM_FAMILIES)('%s: passes both graphs of its own', (folder) => {
    for (const role of ['encoder', 'decoder'] as const) {
      const { graph, path } = graphAt(folder, `${role}.onnx`);
      expect(checkGraph(familyManifest(folder), role, graph, path)).toBeUndefined();
    }
  });

  it('names what is missing and what is there', () => {
    const error = checkGraph(
      familyManifest('meta-sam'),
      'decoder',
      graphAt('edge-sam', 'decoder.onnx').graph,
      'decoder.onnx',
    );
    expect(error?.code).toBe('model-signature-mismatch');
    expect(error?.message).toContain('it has no input "mask_input"');
    expect(error?.cause).toContain('outputs "masks", "scores"');
  });

  it('refuses encoder and decoder exchanged, and a frame of another size', () => {
    const manifest = familyManifest('sam2');
    expect(checkGraph(manifest, 'encoder', graphAt('sam2', 'decoder.onnx').graph, 'x')?.code).toBe(
      'model-signature-mismatch',
    );
    const larger = { ...manifest, input: { ...manifest.input, size: 1024 } };
    expect(checkGraph(larger, 'encoder', graphAt('sam2', 'encoder.onnx').graph, 'x')?.message).toContain(
      'its image is any x 3 x 128 x 128 and not 1 x 3 x 1024 x 1024',
    );
  });
});
