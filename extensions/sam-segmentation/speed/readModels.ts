import { ok, type Result } from '#core/result.ts';
import type { GraphSource } from '../inference/backends/backend.ts';
import { type ModelManifest, parseManifest } from '../inference/manifest.ts';
import { type ModelGraphs, type ReadModelFile, readGraphFiles, readGraphs } from '../inference/modelFiles.ts';
import { parseVolumeManifest, type VolumeManifest } from '../inference/volumeManifest.ts';

/** A model that is not read yet: its manifest's text, and how to get at its files. */
export interface UnreadModel {
  readonly text: string;
  readonly read: ReadModelFile;
}

/** The models of the product, read and verified. */
export interface SpeedModels {
  readonly manifest: ModelManifest;
  readonly graphs: ModelGraphs;
  readonly volume: { readonly manifest: VolumeManifest; readonly graph: GraphSource };
}

/** Errors of the manifests and of reading what they name. */
export async function readModels(prompted: UnreadModel, volume: UnreadModel): Promise<Result<SpeedModels>> {
  const manifest = parseManifest(prompted.text, 'manifest.json');
  if (!manifest.ok) return manifest;
  const volumeManifest = parseVolumeManifest(volume.text, 'manifest.json');
  if (!volumeManifest.ok) return volumeManifest;
  const graphs = await readGraphs(manifest.value, prompted.read);
  if (!graphs.ok) return graphs;
  const files = await readGraphFiles(volumeManifest.value.files, volume.read);
  if (!files.ok) return files;
  // parseVolumeManifest has made sure that there is one.
  const graph = files.value.get('volume')!;
  return ok({ manifest: manifest.value, graphs: graphs.value, volume: { manifest: volumeManifest.value, graph } });
}
