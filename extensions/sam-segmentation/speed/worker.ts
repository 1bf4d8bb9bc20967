import { describeThrown } from '#core/errors.ts';
import { openWasmBackend } from '../inference/backends/wasm.ts';
import { openWebGpuBackend } from '../inference/backends/webgpu.ts';
import { fetchText, modelFilesAt } from '../inference/fetchModelFile.ts';
import { measureSpeed } from './measureSpeed.ts';
import { readModels } from './readModels.ts';

/** What a page asks of this worker; it answers once. */
export interface SpeedRequest {
  readonly manifestUrl: string;
  /** Manifest of a volume model. */
  readonly volumeUrl: string;
  readonly backend: 'wasm' | 'webgpu';
  /** Of WebAssembly. */
  readonly threads: number;
  readonly runs: number;
}

/** A backend, its models, a measurement: as the worker of the product runs them, without its queue. */
async function measure({ manifestUrl, volumeUrl, backend, threads, runs }: SpeedRequest) {
  const opened = await (backend === 'wasm' ? openWasmBackend(threads) : openWebGpuBackend());
  if (!opened.ok) return opened;
  const [text, volumeText] = [
    await fetchText(manifestUrl, 'manifest.json'),
    await fetchText(volumeUrl, 'manifest.json'),
  ];
  if (!text.ok) return text;
  if (!volumeText.ok) return volumeText;
  const models = await readModels(
    { text: text.value, read: modelFilesAt(manifestUrl) },
    { text: volumeText.value, read: modelFilesAt(volumeUrl) },
  );
  return models.ok ? measureSpeed(models.value, opened.value, { runs }) : models;
}

self.onmessage = ({ data }: MessageEvent<SpeedRequest>): void => {
  void measure(data)
    .catch((thrown: unknown) => ({ ok: false, error: { code: 'thrown', message: describeThrown(thrown) } }))
    .then((answer) => self.postMessage(answer));
};
