import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSegmentation } from '../../../extensions/dicom-seg/encode.ts';
import { seriesOf } from '../../dicom/support/readSeries.ts';
import { countedUids, labelmapOf, requestOf, testSegment } from '../../dicom/support/segments.ts';
import { syntheticSeries } from '../../dicom/support/syntheticSeries.ts';
import { tinyCt } from '../tinyCt.ts';

const shape = {
  columns: 13,
  rows: 11,
  slices: 3,
  geometry: 'oblique',
  source: 'CT',
  order: 'ascending',
  decimals: 'numbers',
  patient: 'plain',
  serial: 5,
} as const;
export const headers = syntheticSeries(shape);
export const series = seriesOf(headers);
const mask = Uint8Array.from({ length: 143 }, (_, at) => Number(at % 5 < 2));
export const labelmap = labelmapOf(series, [
  [
    testSegment(1),
    new Map([
      [0, mask],
      [1, mask],
    ]),
  ],
  [testSegment(2), new Map([[2, mask]])],
]);

export const ct = tinyCt({ study: '1.2.3', series: '1.2.3.4', instance: '1.2.3.4.5' });

export function segmentation(): Uint8Array {
  const encoded = encodeSegmentation(requestOf(series, labelmap, { uids: countedUids(9) }));
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value.bytes;
}

/** Small files of the format corpus, where it is: every transfer syntax. */
export function corpusSamples(folder: string): readonly Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => {
      const info = statSync(path);
      return info.isFile() && info.size > 300 && info.size < 45_000 && !/\.(txt|json|md|nrrd)$/.test(path);
    })
    .map((path) => readFileSync(path));
}
