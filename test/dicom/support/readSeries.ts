import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DicomDataset } from '#core/dicom/dataset.ts';
import { type ImageSeries, imageSeriesOf } from '#core/dicom/imageSeries.ts';
import { parsePart10 } from '../../../extensions/dicom-seg/part10/parsePart10.ts';

/** Header of a Part-10 file; throws where it is none, since a test cannot go on without its data. */
export function readHeader(path: string): DicomDataset {
  const parsed = parsePart10(new Uint8Array(readFileSync(path)));
  if (!parsed.ok) throw new Error(`${path}: ${parsed.error.message}`);
  return parsed.value.dataset;
}

export const seriesOf = (headers: readonly DicomDataset[]): ImageSeries => {
  const series = imageSeriesOf(headers);
  if (!series.ok) throw new Error(`${series.error.code}: ${series.error.message}`);
  return series.value;
};

/** The one image series in a folder. */
export const readSeries = (folder: string): ImageSeries =>
  seriesOf(
    readdirSync(folder)
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => readHeader(join(folder, name))),
  );
