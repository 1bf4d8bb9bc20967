import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type ModelManifest, parseManifest } from '../inference/manifest.ts';
import type { ReadOptions } from '../inference/modelFiles.ts';
import { LARGEST_LICENCE, LARGEST_MANIFEST, MANIFEST, type ModelFolder } from './modelFolder.ts';
import type { Offer } from './modelLibrary.ts';
import { bytesOf, filesOf } from './sizes.ts';

/** A model that may be added: described, its licence read, none of its weights. */
export interface Candidate {
  readonly folder: ModelFolder;
  readonly manifest: ModelManifest;
  readonly manifestText: string;
  readonly licenceText: string;
  readonly drafted: boolean;
}

/**
 * Reads manifest and licence of a folder.
 * Errors: `model-file-unreadable`, `model-manifest-malformed`, `model-not-promptable`, `licence-missing`, `cancelled`.
 */
export async function lookAt(folder: ModelFolder, options: ReadOptions): Promise<Result<Candidate>> {
  const text = await folder.text(MANIFEST, LARGEST_MANIFEST, options);
  if (!text.ok) return text;
  if (isVolumeModel(text.value)) {
    return err(
      appError(
        'model-not-promptable',
        'This is a volume model; only models that answer a box on a slice can be added here.',
        {
          remedy:
            'A volume model is put into the models folder of the server and named by propagationModel (README, Models).',
        },
      ),
    );
  }
  const manifest = parseManifest(text.value, MANIFEST);
  if (!manifest.ok) return manifest;
  const licence = await folder.text(manifest.value.licence.file, LARGEST_LICENCE, options);
  if (!licence.ok && licence.error.code === 'cancelled') return licence;
  if (!licence.ok || licence.value.trim() === '') {
    return err(
      appError(
        'licence-missing',
        `The licence of ${manifest.value.name} (${manifest.value.licence.file}) is not there to be read.`,
        {
          remedy: 'Put the text of the licence beside the manifest, under the name that the manifest gives.',
          cause: licence.ok ? 'the file is empty' : (licence.error.cause ?? licence.error.message),
        },
      ),
    );
  }
  return ok({
    folder,
    manifest: manifest.value,
    manifestText: text.value,
    licenceText: licence.value,
    drafted: false,
  });
}

function isVolumeModel(text: string): boolean {
  try {
    return (JSON.parse(text) as { readonly family?: unknown } | null)?.family === 'volume';
  } catch {
    return false;
  }
}

export const offerOf = ({ folder, manifest, licenceText, drafted }: Candidate): Offer => ({
  name: manifest.name,
  version: manifest.version,
  family: manifest.family,
  source: manifest.source.description,
  upstream: manifest.source.upstream,
  bytes: bytesOf(manifest),
  files: filesOf(manifest).length,
  from: folder.origin,
  licence: { spdx: manifest.licence.spdx, text: licenceText },
  drafted,
});
