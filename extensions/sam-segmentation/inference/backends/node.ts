import * as ort from 'onnxruntime-node';
import type { InferenceBackend } from './backend.ts';
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
