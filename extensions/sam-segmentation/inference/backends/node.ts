import * as ort from 'onnxruntime-node';
import type { GraphSource, InferenceBackend } from './backend.ts';
import { createOrtSession } from './ortSession.ts';

/** ONNX Runtime's CPU provider in Node. @param threads 0 lets ONNX Runtime choose */
export function openNodeBackend(threads = 0): InferenceBackend {
  return {
    name: 'node',
    threads,
    fingerprint: `onnxruntime-node ${ort.env.versions.node ?? 'unknown'}`,
    createSession: (source) =>
      createOrtSession(ort, source, { executionProviders: ['cpu'], intraOpNumThreads: threads, logSeverityLevel: 3 }),
  };
}

export interface TensorDescription {
  readonly name: string;
  /** ONNX Runtime's name: `float32`, `int64`. */
  readonly type: string;
  /** A name where the size is not fixed. */
  readonly shape: readonly (number | string)[];
}

export interface GraphDescription {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
}

/** What a graph takes and gives, as ONNX Runtime reads it. Throws where it cannot. */
export async function describeGraph({ graph, weights }: GraphSource): Promise<GraphDescription> {
  const session = await ort.InferenceSession.create(graph, {
    logSeverityLevel: 3,
    ...(weights === undefined ? {} : { externalData: [{ path: weights.location, data: weights.data }] }),
  });
  const tensors = (all: readonly ort.InferenceSession.ValueMetadata[]): readonly TensorDescription[] =>
    all.flatMap((each) => (each.isTensor ? [{ name: each.name, type: each.type, shape: each.shape }] : []));
  const description = { inputs: tensors(session.inputMetadata), outputs: tensors(session.outputMetadata) };
  await session.release();
  return description;
}
