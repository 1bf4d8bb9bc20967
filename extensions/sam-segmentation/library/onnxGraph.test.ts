import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { familyFolder } from '../inference/testing/samFamilies.node.ts';
import { readOnnxGraph } from './onnxGraph.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixture = (path: string): Uint8Array => new Uint8Array(readFileSync(familyFolder(path)));
const graphOf = (bytes: Uint8Array) => {
  const read = readOnnxGraph(bytes, 'x.onnx');
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};

describe('readOnnxGraph', () => {
  it('tells inputs and outputs with their types and axes', () => {
    const { inputs, outputs } = graphOf(fixture('transformers-sam/decoder.onnx'));
    expect(inputs).toEqual([
      { name: 'image_embeddings', type: 1, dims: [1, 1, 64, 64] },
      { name: 'input_points', type: 1, dims: [1, 1, undefined, 2] },
      { name: 'input_labels', type: 7, dims: [1, 1, undefined] },
      { name: 'image_positional_embeddings', type: 1, dims: [1, 1, 64, 64] },
    ]);
    expect(outputs.map(({ name }) => name)).toEqual(['pred_masks', 'iou_scores']);
  });

  it('tells where weights lie that are not in the graph', () => {
    const bytes = new Uint8Array(readFileSync(`${root}/models/litemedsam/encoder.onnx`));
    expect(graphOf(bytes)).toMatchObject({
      inputs: [{ name: 'image', dims: [1, 3, 256, 256] }],
      weightFiles: ['encoder.weights'],
    });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a web page', new TextEncoder().encode('<!doctype html><html><body>Sign in</body></html>')],
    ['a PyTorch checkpoint (a zip)', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0, 0, 0)],
    ['zeros', new Uint8Array(64)],
    ['a graph cut off in the middle', fixture('meta-sam/decoder.onnx').subarray(0, 30_000)],
    ['a length without end', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)],
  ])('refuses %s', (_, bytes) => {
    const read = readOnnxGraph(bytes, 'encoder.onnx');
    expect(!read.ok && [read.error.code, read.error.message]).toEqual([
      'not-onnx',
      'encoder.onnx is not an ONNX graph.',
    ]);
  });

  it('never throws on a graph with a byte changed', () => {
    const good = fixture('edge-sam/encoder.onnx');
    for (let at = 0; at < good.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = good.slice();
        bytes[at] = value;
        expect(() => readOnnxGraph(bytes, 'x.onnx')).not.toThrow();
      }
    }
  });
});
