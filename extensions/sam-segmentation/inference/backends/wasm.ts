import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { InferenceBackend } from './backend.ts';
import { createOrtSession } from './ortSession.ts';

/**
 * ONNX Runtime Web on WebAssembly. The plain build, not the one that also holds WebGPU: half the download. Its glue is
 * given as a URL of its own because a pthread would otherwise start from our worker's chunk, and hang there.
 * @param wanted threads, where the page is cross-origin isolated
 */
export async function openWasmBackend(
  wanted = wasmThreads(navigator.hardwareConcurrency),
): Promise<Result<InferenceBackend>> {
  if (typeof WebAssembly === 'undefined') {
    return err(appError('backend-unavailable', 'This browser, or its policy, does not allow WebAssembly.'));
  }
  const ort = await import('onnxruntime-web/wasm');
  const threads = globalThis.crossOriginIsolated ? wanted : 1;
  ort.env.wasm.wasmPaths = { wasm: wasmUrl, mjs: glueUrl };
  ort.env.wasm.numThreads = threads;
  return ok({
    name: 'wasm',
    threads,
    fingerprint: `onnxruntime-web ${ort.env.versions.web ?? ''} wasm`,
    note: threadNote(threads),
    createSession: (source) =>
      createOrtSession(ort, source, { executionProviders: ['wasm'], logSeverityLevel: 3, enableMemPattern: true }),
  });
}

/** All cores of a small machine, half of those of a large one: beyond the physical cores threads only wait. */
export const wasmThreads = (cores: number): number =>
  Math.max(Math.min(cores, 4), Math.min(8, Math.ceil(cores / 2)), 1);

function threadNote(threads: number): string {
  if (!globalThis.crossOriginIsolated) return '1 thread, since the page is not cross-origin isolated';
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
