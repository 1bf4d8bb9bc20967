import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { IntensityRecipes } from '../../../extensions/sam-segmentation/node.ts';
import { dicomSource } from '../series/dicomSource.ts';
import { type CompanionSource, readRegistered } from '../series/readRegistered.ts';
import { readSeries } from '../series/readSeries.ts';
import type { SeriesSource } from '../series/seriesSource.ts';
import type { BenchCase } from './cases.ts';
import { type Truth, truthOf, truthOn } from './truth.ts';
import { readVolume } from './volume.ts';
import { volumeSource } from './volumeSource.ts';

/** A case ready to run. */
export interface OpenCase {
  readonly source: SeriesSource;
  readonly truth: Truth;
  /** Index of the key slice. */
  readonly k: number;
  /** Other series that have a say. */
  readonly registered: readonly CompanionSource[];
}

/** Whose eyes the images are read for. */
export interface OpenFor {
  readonly prompting: { readonly intensity: IntensityRecipes };
  /** Undefined where no other series is to be looked at. */
  readonly beside: { readonly intensity: IntensityRecipes } | undefined;
}

/**
 * Reads the images and the mask of a case, and checks that they belong together: same grid, and the box of cases.json is the
 * tight box of the mask on the key slice (so a flipped axis cannot pass).
 */
export async function openCase(benchCase: BenchCase, seen: OpenFor): Promise<Result<OpenCase>> {
  const opened =
    benchCase.kind === 'dicom' ? await openDicom(benchCase, seen) : await openVolume(benchCase, seen.prompting);
  if (!opened.ok) return opened;
  const { truth, k } = opened.value;
  if (JSON.stringify(truth.boxes.get(k)) === JSON.stringify(benchCase.box)) return opened;
  return err(
    appError('key-box-differs', `${benchCase.id}: the box of cases.json is not that of the mask on its slice.`),
  );
}

async function openDicom(
  { images, mask, seriesInstanceUID, keySopInstanceUID, companions }: BenchCase & { readonly kind: 'dicom' },
  { prompting, beside }: OpenFor,
): Promise<Result<OpenCase>> {
  const files = await readSeries(images, seriesInstanceUID);
  if (!files.ok) return files;
  const source = dicomSource(files.value, prompting);
  if (!source.ok) return source;
  const volume = await readVolume(mask);
  if (!volume.ok) return volume;
  const { series } = files.value;
  const truth = truthOn(volume.value, series.stack);
  if (!truth.ok) return truth;
  const k = series.frames.findIndex(({ sopInstanceUID }) => sopInstanceUID === keySopInstanceUID);
  const registered: CompanionSource[] = [];
  for (const companion of beside === undefined ? [] : companions) {
    const read = await readRegistered(companion.images, companion.seriesInstanceUID, series, beside!);
    if (!read.ok) return read;
    registered.push(read.value);
  }
  return ok({ source: source.value, truth: truth.value, k, registered });
}

async function openVolume(
  { images, mask, modality, k }: BenchCase & { readonly kind: 'volume' },
  manifest: OpenFor['prompting'],
): Promise<Result<OpenCase>> {
  const image = await readVolume(images);
  if (!image.ok) return image;
  const volume = await readVolume(mask);
  if (!volume.ok) return volume;
  const truth = truthOf(volume.value);
  return truth.ok
    ? ok({ source: volumeSource(image.value, modality, manifest), truth: truth.value, k, registered: [] })
    : truth;
}
