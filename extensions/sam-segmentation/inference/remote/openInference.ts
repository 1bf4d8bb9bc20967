import * as z from 'zod';
import type { InputTensor, TensorValue } from '../backends/backend.ts';

/**
 * Messages of the Open Inference Protocol v2 with the binary tensor data extension (KServe, Triton, OVMS, TorchServe): a
 * JSON head whose length is in the header `Inference-Header-Content-Length`, then every tensor's bytes in the order named.
 */
export const HEAD_LENGTH = 'Inference-Header-Content-Length';

const shape = z.array(z.int().nonnegative());
const responseSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape,
      data: z.array(z.unknown()).optional(),
      parameters: z.object({ binary_data_size: z.int().nonnegative().optional() }).nullish(),
    }),
  ),
});

export interface InferRequest {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Bytes of the JSON head. */
  readonly headLength: number;
}

/** Asks for every output of the graph, as bytes. */
export function inferRequest(feeds: Readonly<Record<string, InputTensor>>): InferRequest {
  const inputs = Object.entries(feeds);
  const head = new TextEncoder().encode(
    JSON.stringify({
      inputs: inputs.map(([name, { data, dims }]) => ({
        name,
        datatype: data instanceof BigInt64Array ? 'INT64' : 'FP32',
        shape: dims,
        parameters: { binary_data_size: data.byteLength },
      })),
      parameters: { binary_data_output: true },
    }),
  );
  const length = inputs.reduce((sum, [, { data }]) => sum + data.byteLength, head.byteLength);
  const body = new Uint8Array(length);
  body.set(head);
  let at = head.byteLength;
  for (const [, { data }] of inputs) {
    body.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return { body, headLength: head.byteLength };
}

/**
 * Reads an answer; a server may also leave tensors in the JSON, and then says no head length.
 * @throws where it is not such an answer, a tensor is not FP32, or has not as many values as its shape says
 */
export function inferResponse(
  bytes: Uint8Array,
  headLength: number | undefined,
): Readonly<Record<string, TensorValue>> {
  const headEnd = headLength ?? bytes.byteLength;
  const { outputs } = responseSchema.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(0, headEnd))));
  let at = headEnd;
  const tensors = outputs.map(({ name, datatype, shape: dims, data, parameters }) => {
    if (datatype !== 'FP32') throw new Error(`output ${name} is ${datatype}, not FP32`);
    const count = dims.reduce((product, size) => product * size, 1);
    const size = parameters?.binary_data_size;
    let values: Float32Array;
    if (size !== undefined) {
      // Copied, since the tensor need not lie at a multiple of four bytes.
      values = new Float32Array(bytes.slice(at, at + size).buffer);
      at += size;
    } else {
      values = Float32Array.from((data ?? []).flat(Number.POSITIVE_INFINITY) as number[]);
    }
    if (values.length !== count) throw new Error(`output ${name} has ${values.length} values instead of ${count}`);
    return [name, { data: values, dims }] as const;
  });
  return Object.fromEntries(tensors);
}
