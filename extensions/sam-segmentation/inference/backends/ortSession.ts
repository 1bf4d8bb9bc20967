import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web';
import type { GraphSession, GraphSource, TensorValue } from './backend.ts';

/** What the three ONNX Runtime packages have in common, as far as we use it. */
interface Runtime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: TensorConstructor;
}

/** Creates a session from memory, the weights handed over as external data. */
export async function createOrtSession(
  runtime: Runtime,
  source: GraphSource,
  options: InferenceSession.SessionOptions,
): Promise<GraphSession> {
  const external = source.weights && [{ path: source.weights.location, data: source.weights.data }];
  const session = await runtime.InferenceSession.create(source.graph, {
    ...options,
    ...(external === undefined ? {} : { externalData: external }),
  });
  return {
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([name, value]) => {
        const { data, dims } = value;
        const tensor =
          data instanceof BigInt64Array
            ? new runtime.Tensor('int64', data, dims)
            : new runtime.Tensor('float32', data, dims);
        return [name, tensor] as const;
      });
      const outputs = await session.run(Object.fromEntries(inputs));
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, toValue(name, tensor)]));
    },
    dispose: () => session.release(),
  };
}

function toValue(name: string, tensor: Tensor): TensorValue {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`output ${name} is ${tensor.type}, not float32`);
  return { data: tensor.data, dims: tensor.dims };
}
