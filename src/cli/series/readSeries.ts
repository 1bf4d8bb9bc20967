import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { text } from '#core/dicom/dataset.ts';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import {
  decodedPixels,
  hasCodec,
  type Part10File,
  parsePart10,
  pixelLayout,
  type StoredPixels,
  usableImage,
} from '../../../extensions/local-files/node.ts';

/** A series with the files that hold its pixels, by SOP instance UID. */
export interface SeriesFiles {
  readonly series: ImageSeries;
  readonly files: ReadonlyMap<string, Part10File>;
  /** Frames of files whose codec has to be waited for, decoded beforehand; the others are read when they are needed. */
  readonly decoded: ReadonlyMap<string, readonly Result<StoredPixels>[]>;
}

/** Objects that describe images rather than being one. */
const DERIVED = ['SEG', 'PR', 'SR', 'KO', 'RTSTRUCT', 'RTDOSE', 'RTPLAN', 'REG'];

/**
 * One image series of a folder, searched through its subfolders. Files that are not DICOM images are passed over.
 * @param seriesInstanceUID may be left out where the folder holds one series
 * @returns errors `folder-unreadable`, `no-series`, `several-series` (naming them), and those of {@link imageSeriesOf}
 */
export async function readSeries(folder: string, seriesInstanceUID?: string): Promise<Result<SeriesFiles>> {
  const paths = await filesBelow(folder);
  if (!paths.ok) return paths;
  const bySeries = new Map<string, Part10File[]>();
  for (const path of paths.value) {
    const file = parsePart10(await readFile(path), { name: relative(folder, path) });
    if (!file.ok || !usableImage(file.value).ok) continue;
    const { dataset } = file.value;
    if (DERIVED.includes(text(dataset, Tag.Modality) ?? '')) continue;
    const uid = text(dataset, Tag.SeriesInstanceUID) ?? '';
    bySeries.set(uid, [...(bySeries.get(uid) ?? []), file.value]);
  }
  const chosen = chooseSeries(bySeries, seriesInstanceUID);
  if (!chosen.ok) return chosen;
  const series = imageSeriesOf(chosen.value.map(({ dataset }) => dataset));
  if (!series.ok) return series;
  const files = new Map(chosen.value.map((file) => [text(file.dataset, Tag.SOPInstanceUID) ?? '', file]));
  return ok({ series: series.value, files, decoded: await decodedFrames(files) });
}

async function decodedFrames(files: SeriesFiles['files']): Promise<SeriesFiles['decoded']> {
  const decoded = new Map<string, Result<StoredPixels>[]>();
  for (const [uid, file] of files) {
    if (!hasCodec(file.transferSyntaxUID)) continue;
    const layout = pixelLayout(file);
    const frames: Result<StoredPixels>[] = [];
    const count = layout.ok ? layout.value.frames : 0;
    for (let frame = 0; frame < count; frame += 1) frames.push(await decodedPixels(file, frame));
    decoded.set(uid, frames);
  }
  return decoded;
}

async function filesBelow(folder: string): Promise<Result<readonly string[]>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return ok(
      entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort(),
    );
  } catch (cause) {
    return err(
      appError('folder-unreadable', `${folder} could not be read.`, { remedy: 'Name a folder of DICOM files.', cause }),
    );
  }
}

function chooseSeries(
  bySeries: ReadonlyMap<string, readonly Part10File[]>,
  wanted: string | undefined,
): Result<readonly Part10File[]> {
  if (bySeries.size === 0) return err(appError('no-series', 'The folder holds no DICOM image.'));
  const named = wanted === undefined ? undefined : bySeries.get(wanted);
  if (named !== undefined) return ok(named);
  if (wanted === undefined && bySeries.size === 1) return ok([...bySeries.values()][0]!);
  const list = [...bySeries].map(([uid, files]) => `${uid} (${files.length} images)`).join(', ');
  const message = wanted === undefined ? 'The folder holds several series.' : 'The folder does not hold that series.';
  return err(
    appError(wanted === undefined ? 'several-series' : 'no-series', message, {
      remedy: `Choose one with --series: ${list}.`,
    }),
  );
}
