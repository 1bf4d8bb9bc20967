import * as z from 'zod';
import { err, ok, type Result } from '#core/result.ts';
import { fetchText } from '../inference/fetchModelFile.ts';
import { aboutModel, file, parseWith } from '../inference/manifest.ts';
import type { LibraryModel } from './modelLibrary.ts';

/** A model of the installation. */
export interface BuiltIn {
  readonly id: string;
  readonly role: LibraryModel['role'];
  readonly manifestUrl: string;
}

/** As much as every family's manifest says; the model itself is parsed strictly where it is loaded. */
const shortManifest = z.object({
  ...aboutModel,
  family: z.string(),
  files: z.array(z.object({ graph: file, weights: z.object({ bytes: file.shape.bytes }).optional() })),
});

async function manifestOf({ id, manifestUrl }: BuiltIn) {
  const text = await fetchText(manifestUrl, 'manifest.json');
  return text.ok ? parseWith(shortManifest, text.value, `${id}/manifest.json`) : text;
}

/** Those whose manifests can be read, in their order. */
export async function readBuiltIns(builtIn: readonly BuiltIn[]): Promise<readonly LibraryModel[]> {
  const read = await Promise.all(builtIn.map(async (model) => [model, await manifestOf(model)] as const));
  return read.flatMap(([{ id, role }, manifest]) => {
    if (!manifest.ok) return [];
    const { name, version, family, licence, source, files } = manifest.value;
    const bytes = files.reduce((sum, { graph, weights }) => sum + graph.bytes + (weights?.bytes ?? 0), 0);
    const told = { name, version, family, licence: licence.spdx, source: source.description, bytes };
    return [{ id, role, ...told, test: { kind: 'not-run' } }];
  });
}

/** Errors as of the manifest and of `model-file-unreadable`. */
export async function builtInLicence(model: BuiltIn): Promise<Result<string>> {
  const manifest = await manifestOf(model);
  if (!manifest.ok) return err(manifest.error);
  const { file: path } = manifest.value.licence;
  const text = await fetchText(new URL(path, model.manifestUrl).href, path);
  return text.ok ? ok(text.value) : text;
}
