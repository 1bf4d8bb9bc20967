import type { GraphDescription, TensorDescription } from '../../../extensions/sam-segmentation/node.ts';

const TYPES: Readonly<Record<string, string>> = { float32: 'TYPE_FP32', int64: 'TYPE_INT64' };

/**
 * config.pbtxt of one ONNX model (triton-inference-server/server, docs/user_guide/model_configuration.md). max_batch_size is 0:
 * every axis is written out, and a batch axis that is free is -1 like any other, so that requests look the same everywhere.
 * @throws for a tensor type that no Segment Anything export has
 */
export function tritonConfig(name: string, { inputs, outputs }: GraphDescription): string {
  const lines = [
    `name: ${JSON.stringify(name)}`,
    'backend: "onnxruntime"',
    'max_batch_size: 0',
    ...block('input', inputs),
    ...block('output', outputs),
  ];
  return `${lines.join('\n')}\n`;
}

function block(kind: string, tensors: readonly TensorDescription[]): readonly string[] {
  const entries = tensors.map(({ name, type, shape }) => {
    const datatype = TYPES[type];
    if (datatype === undefined) throw new Error(`${name} is ${type}`);
    const dims = shape.map((size) => (typeof size === 'number' && size > 0 ? size : -1)).join(', ');
    return `  { name: ${JSON.stringify(name)}, data_type: ${datatype}, dims: [ ${dims} ] }`;
  });
  return [`${kind} [`, entries.join(',\n'), ']'];
}
