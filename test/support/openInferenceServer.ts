import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';

/** What can go wrong between a viewer and an inference server; each happens once. */
export type InferenceFault =
  | 'busy'
  | 'dropped'
  | 'silent'
  | 'login-page'
  | 'out-of-memory'
  | 'truncated'
  | 'other-weights';

export interface OpenInferenceDouble {
  readonly url: string;
  /** Shape of the first input of each request that was run, by model. */
  readonly ran: readonly {
    readonly model: string;
    readonly shape: readonly number[];
    readonly authorization: string | undefined;
  }[];
  /** Requests that their client gave up. */
  readonly abandoned: () => number;
  plan(...faults: readonly InferenceFault[]): void;
  stop(): Promise<void>;
}

const TYPES: Readonly<Record<string, 'float32' | 'int64'>> = { FP32: 'float32', INT64: 'int64' };
const NAMES: Readonly<Record<string, string>> = { float32: 'FP32', int64: 'INT64' };

/**
 * A server of the Open Inference Protocol v2 over a Triton model repository, with the binary extension and with faults that
 * a real one cannot be made to have. It passes the contract that KServe passes (test/remote).
 */
export async function startOpenInferenceDouble(repository: string, token?: string): Promise<OpenInferenceDouble> {
  const models = new Map<string, ort.InferenceSession>();
  for (const name of await readdir(repository)) {
    models.set(
      name,
      await ort.InferenceSession.create(join(repository, name, '1', 'model.onnx'), { logSeverityLevel: 3 }),
    );
  }
  const planned: InferenceFault[] = [];
  const ran: { model: string; shape: readonly number[]; authorization: string | undefined }[] = [];
  let abandoned = 0;

  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) abandoned += 1;
    });
    answer(request, response).catch((cause: unknown) => json(response, 500, { error: String(cause) }));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      return json(response, 401, { error: 'who are you?' });
    }
    const [, name = '', verb = ''] = /^\/v2\/models\/([^/]+)(?:\/(\w+))?$/.exec(request.url ?? '') ?? [];
    const session = models.get(decodeURIComponent(name));
    if (session === undefined) return json(response, 404, { error: `no model ${name}` });
    if (verb === 'ready') return json(response, 200, { name, ready: true });
    if (verb === '') return json(response, 200, describe(name, session));
    const body = Buffer.concat(await request.toArray());
    const fault = planned.shift();
    if (fault === 'busy') return json(response, 503, { error: 'busy' });
    if (fault === 'dropped') return void response.destroy();
    if (fault === 'silent') return;
    if (fault === 'out-of-memory') return json(response, 500, { error: 'CUDA out of memory' });
    if (fault === 'login-page')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    const head = Number(request.headers['inference-header-content-length'] ?? body.length);
    const feeds = readFeeds(body, head);
    ran.push({ model: name, shape: Object.values(feeds)[0]?.dims ?? [], authorization: request.headers.authorization });
    const outputs = await session.run(feeds);
    if (fault === 'other-weights') for (const { data } of Object.values(outputs)) negate(data as Float32Array);
    send(response, name, outputs, fault === 'truncated');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ran,
    abandoned: () => abandoned,
    plan: (...faults) => void planned.splice(0, planned.length, ...faults),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const session of models.values()) await session.release();
    },
  };
}

function negate(values: Float32Array): void {
  for (const [index, value] of values.entries()) values[index] = -value;
}

function readFeeds(body: Buffer, head: number): Record<string, ort.Tensor> {
  const { inputs } = JSON.parse(body.subarray(0, head).toString()) as {
    inputs: { name: string; datatype: string; shape: number[]; parameters: { binary_data_size: number } }[];
  };
  let at = head;
  return Object.fromEntries(
    inputs.map(({ name, datatype, shape, parameters: { binary_data_size: size } }) => {
      const bytes = new Uint8Array(body.subarray(at, at + size)).buffer;
      at += size;
      const type = TYPES[datatype] ?? 'float32';
      const tensor =
        type === 'int64'
          ? new ort.Tensor(type, new BigInt64Array(bytes), shape)
          : new ort.Tensor(type, new Float32Array(bytes), shape);
      return [name, tensor];
    }),
  );
}

function send(
  response: ServerResponse,
  model: string,
  outputs: ort.InferenceSession.OnnxValueMapType,
  cut: boolean,
): void {
  const tensors = Object.entries(outputs).map(([name, { data, dims, type }]) => {
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    return {
      head: { name, datatype: NAMES[type], shape: dims, parameters: { binary_data_size: byteLength } },
      bytes: Buffer.from(buffer, byteOffset, byteLength),
    };
  });
  const head = Buffer.from(JSON.stringify({ model_name: model, outputs: tensors.map((tensor) => tensor.head) }));
  const body = Buffer.concat([head, ...tensors.map(({ bytes }) => bytes)]);
  response.writeHead(200, {
    'inference-header-content-length': head.length,
    'content-type': 'application/octet-stream',
  });
  response.end(cut ? body.subarray(0, body.length - 400) : body);
}

function describe(name: string, session: ort.InferenceSession): unknown {
  const tensors = (all: readonly ort.InferenceSession.ValueMetadata[]) =>
    all.flatMap((each) =>
      each.isTensor
        ? [
            {
              name: each.name,
              datatype: NAMES[each.type],
              shape: each.shape.map((size) => (typeof size === 'number' ? size : -1)),
            },
          ]
        : [],
    );
  return {
    name,
    platform: 'onnxruntime_onnx',
    inputs: tensors(session.inputMetadata),
    outputs: tensors(session.outputMetadata),
  };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
