import { readFilesAt, readManifestText } from '../library/addedFiles.ts';
import { openRemoteBackend } from './backends/remote.ts';
import { openWasmBackend } from './backends/wasm.ts';
import { openWebGpuBackend } from './backends/webgpu.ts';
import { InferenceHost } from './host.ts';
import type { RequestMessage } from './protocol.ts';

/** The one worker that owns inference: only the wiring; what it does is in host.ts. */
const host = new InferenceHost({
  post: (message, transfer = []) => self.postMessage(message, { transfer }),
  backends: [
    { name: 'webgpu', open: () => openWebGpuBackend() },
    { name: 'wasm', open: () => openWasmBackend() },
  ],
  openRemote: openRemoteBackend,
  readText: readManifestText,
  filesAt: readFilesAt,
});

self.onmessage = (event: MessageEvent<RequestMessage>) => host.receive(event.data);
