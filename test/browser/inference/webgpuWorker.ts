import * as ort from 'onnxruntime-web/webgpu';
import type { InferenceBackend, TensorValue } from '../../../extensions/sam-segmentation/inference/backends/backend.ts';
import { openWasmBackend } from '../../../extensions/sam-segmentation/inference/backends/wasm.ts';
import { openWebGpuBackend } from '../../../extensions/sam-segmentation/inference/backends/webgpu.ts';

/** Conv 3x3 (one channel to four, weights as external data) and Sigmoid: small enough for a software adapter. */
const GRAPH = [
  'CAgSADrKAQomCgVpbWFnZQoBdxIBYyIEQ29udioRCgRwYWRzQAFAAUABQAGgAQcKEQoBYxIDb3V0IgdTaWdtb2lkEgVzbWFsbCpG',
  'CAQIAQgDCAMQAUIBd2oZCghsb2NhdGlvbhINc21hbGwud2VpZ2h0c2oLCgZvZmZzZXQSATBqDQoGbGVuZ3RoEgMxNDRwAVofCgVp',
  'bWFnZRIWChQIARIQCgIIAQoCCAEKAggQCgIIEGIdCgNvdXQSFgoUCAESEAoCCAEKAggECgIIEAoCCBBCBAoAEBE=',
].join('');
const weights = Float32Array.from({ length: 36 }, (_, index) => Math.sin(index));
const image = Float32Array.from({ length: 256 }, (_, index) => ((index * 37) % 101) / 101);

async function run(backend: InferenceBackend): Promise<Float32Array> {
  const graph = Uint8Array.from(atob(GRAPH), (character) => character.charCodeAt(0));
  const data = new Uint8Array(weights.buffer);
  const session = await backend.createSession({ graph, weights: { location: 'small.weights', data } }, 'encoder');
  const feeds: Record<string, TensorValue> = { image: { data: image, dims: [1, 1, 16, 16] } };
  return (await session.run(feeds)).out!.data;
}

/** Runs one graph on both backends, then destroys the graphics device as a driver reset would. */
async function compare(): Promise<unknown> {
  const refused = await openWebGpuBackend();
  const gpu = await openWebGpuBackend(true);
  const wasm = await openWasmBackend();
  if (!gpu.ok || !wasm.ok) return { refused, gpu };
  const [onGpu, onWasm] = [await run(gpu.value), await run(wasm.value)];
  const difference = Math.max(...onGpu.map((value, index) => Math.abs(value - onWasm[index]!)));
  (await ort.env.webgpu.device).destroy();
  const lost = await gpu.value.lost;
  return { refused, values: onGpu.length, spread: Math.max(...onGpu) - Math.min(...onGpu), difference, lost };
}

self.onmessage = () => {
  compare().then(
    (value) => self.postMessage(value),
    (thrown: unknown) => self.postMessage({ thrown: String(thrown) }),
  );
};
