import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { registration } from '#core/dicom/registration.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { IntensityRecipes, RegisteredSource } from '../../../extensions/sam-segmentation/node.ts';
import { dicomSource } from './dicomSource.ts';
import { readSeries } from './readSeries.ts';

/** Another series that has a say, with what it is. */
export type CompanionSource = RegisteredSource & { readonly modality: string };

/** Why a series has no say in another one. */
const OBSTACLES = {
  'no-frame': 'One of the two names no frame of reference.',
  'other-frame': 'They name different frames of reference.',
  'not-parallel': 'Their slices are not parallel, or not evenly spaced.',
} as const;

/**
 * A series that lies beside the one that is segmented.
 * @param manifest of the model that looks at it
 * @returns errors `not-registered` and those of {@link readSeries} and {@link dicomSource}
 */
export async function readRegistered(
  folder: string,
  seriesInstanceUID: string | undefined,
  beside: ImageSeries,
  manifest: { readonly intensity: IntensityRecipes },
): Promise<Result<CompanionSource>> {
  const files = await readSeries(folder, seriesInstanceUID);
  if (!files.ok) return files;
  const { series } = files.value;
  const place = registration(beside, series);
  if (place.kind === 'apart') {
    return err(
      appError('not-registered', `Nothing says where ${folder} lies in the series that is segmented.`, {
        remedy: 'Name a series of the same frame of reference, with parallel slices.',
        cause: OBSTACLES[place.reason],
      }),
    );
  }
  const source = dicomSource(files.value, manifest);
  if (!source.ok) return source;
  return ok({ id: series.seriesInstanceUID, source: source.value, shift: place.shift, modality: series.modality });
}
