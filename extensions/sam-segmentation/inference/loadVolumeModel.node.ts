import { basename, join } from 'node:path';
import { err, ok, type Result } from '#core/result.ts';
import { openNodeBackend } from './backends/node.ts';
import { cancelled, modelDisposed } from './failures.ts';
import { modelFolder, type NodeModelOptions, readBytes } from './loadModel.node.ts';
import { readGraphFiles } from './modelFiles.ts';
import { parseVolumeManifest } from './volumeManifest.ts';
import type { VolumeModel } from './volumeModel.ts';
import { createVolumeRuntime, type VolumeRuntime } from './volumeRuntime.ts';

/**
 * Loads the folder of a volume model (manifest.json and what it names) on onnxruntime-node.
 *
 * @returns `model-manifest-malformed`, `model-file-unreadable`, `model-hash-mismatch` or `model-load-failed`
 */
export async function loadNodeVolumeModel(
  modelDirectory: string,
  options: NodeModelOptions = {},
): Promise<Result<VolumeModel>> {
  const origin = `${basename(modelDirectory)}/manifest.json`;
  const text = await readBytes(join(modelDirectory, 'manifest.json'), origin, options.signal);
  if (!text.ok) return text;
  const manifest = parseVolumeManifest(new TextDecoder().decode(text.value), origin);
  if (!manifest.ok) return manifest;
  const graphs = await readGraphFiles(manifest.value.files, modelFolder(modelDirectory), { signal: options.signal });
  if (!graphs.ok) return graphs;
  const graph = graphs.value.get('volume')!;
  const runtime = await createVolumeRuntime(manifest.value, graph, openNodeBackend(options.threads));
  return runtime.ok ? ok(modelOf(runtime.value)) : runtime;
}

/** A {@link VolumeModel} in this very thread. */
function modelOf(runtime: VolumeRuntime): VolumeModel {
  let disposed = false;
  return {
    manifest: runtime.manifest,
    async run(input, { signal } = {}) {
      if (disposed) return err(modelDisposed());
      if (signal?.aborted) return err(cancelled());
      const answer = await runtime.run(input);
      return signal?.aborted ? err(cancelled()) : answer;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await runtime.dispose();
    },
  };
}
