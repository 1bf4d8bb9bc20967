import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import type * as Ort from 'onnxruntime-web/webgpu';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { InferenceBackend } from './backend.ts';
import { createOrtSession } from './ortSession.ts';
import { softwareAdapter } from './softwareAdapter.ts';

/**
 * ONNX Runtime Web on WebGPU. The runtime's own files are served by us (no third-party request) and loaded only once a
 * usable adapter is there. Errors: `backend-unavailable`, `backend-refused`.
 */
export async function openWebGpuBackend(allowSoftware = false): Promise<Result<InferenceBackend>> {
  // Typed as always there; missing in browsers without WebGPU and in insecure contexts.
  const gpu = navigator.gpu as GPU | undefined;
  if (gpu === undefined)
    return err(unavailable('This browser has no WebGPU, or the page is not on https or localhost.'));
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (adapter === null) return err(unavailable('WebGPU found no graphics adapter.'));
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const software = softwareAdapter({ vendor, architecture, device, description, isFallbackAdapter });
  if (software !== undefined && !allowSoftware) {
    return err(
      appError(
        'backend-refused',
        `The graphics adapter (${software}) is software: it would be slower than WebAssembly.`,
      ),
    );
  }
  const ort = await import('onnxruntime-web/webgpu');
  ort.env.wasm.wasmPaths = { wasm: wasmUrl, mjs: glueUrl };
  ort.env.wasm.numThreads = 1;
  ort.env.webgpu.powerPreference = 'high-performance';
  const name = [vendor, architecture].filter((part) => part !== '').join(' ');
  let reportLoss: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    reportLoss = resolve;
  });
  let watched = false;
  return ok({
    name: 'webgpu',
    threads: 1,
    fingerprint: `onnxruntime-web ${ort.env.versions.web ?? ''} webgpu ${name} ${description}`,
    note: name,
    lost,
    async createSession(source) {
      const session = await createOrtSession(ort, source, { executionProviders: ['webgpu'], logSeverityLevel: 3 });
      if (!watched) {
        watched = true;
        await watchDevice(ort, reportLoss);
      }
      return session;
    },
  });
}

/** The device belongs to ONNX Runtime, which makes it with its first session. */
async function watchDevice(ort: typeof Ort, reportLoss: (reason: string) => void): Promise<void> {
  const device = await ort.env.webgpu.device;
  void device.lost.then(({ message }) => reportLoss(message || 'the graphics device was lost'));
}

const unavailable = (reason: string) => appError('backend-unavailable', reason);
