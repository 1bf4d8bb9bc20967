import { expect } from 'vitest';
import { type DicomDataset, items } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { decodeSegmentation } from '../../../extensions/dicom-seg/decode.ts';
import { buildSegmentation } from '../../../extensions/dicom-seg/model/build.ts';
import { compareLabelmaps } from '../../../extensions/dicom-seg/model/compare.ts';
import { sequence } from '../../../extensions/dicom-seg/model/element.ts';
import { type PlaceOptions, placeOnSeries } from '../../../extensions/dicom-seg/model/place.ts';
import { seriesOf } from './readSeries.ts';
import { labelmapOf, requestOf, testSegment } from './segments.ts';
import { type SeriesShape, syntheticSeries } from './syntheticSeries.ts';

/** What is written by others, on a small oblique series of ours. */
export const SHAPE: SeriesShape = {
  columns: 9,
  rows: 7,
  slices: 5,
  geometry: 'oblique',
  source: 'CT',
  order: 'shuffled',
  decimals: 'text',
  patient: 'plain',
  serial: 11,
};
export const PIXELS = 63;
export const headers = syntheticSeries(SHAPE);
export const series = seriesOf(headers);

export const maskAt = (...points: readonly (readonly [x: number, y: number])[]): Uint8Array => {
  const mask = new Uint8Array(PIXELS);
  for (const [x, y] of points) mask[y * 9 + x] = 1;
  return mask;
};

export const labelmap = labelmapOf(series, [
  [
    testSegment(1),
    new Map([
      [1, maskAt([2, 1], [6, 5])],
      [2, maskAt([3, 3])],
      [4, maskAt([8, 6])],
    ]),
  ],
  [testSegment(2), new Map([[2, maskAt([3, 3], [4, 3])]])],
]);

export function built(of: ImageSeries, what: Labelmap) {
  const result = buildSegmentation(requestOf(of, what));
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

export function place(bytes: Uint8Array, on: ImageSeries, options?: PlaceOptions) {
  const decoded = decodeSegmentation(bytes);
  if (!decoded.ok) throw new Error(`${decoded.error.code} ${decoded.error.cause}`);
  return placeOnSeries(decoded.value, on, options);
}

export const codeOf = (result: ReturnType<typeof place>): string => (result.ok ? 'ok' : result.error.code);

/** The file lies on the series voxel by voxel as expected. */
export const exact = (bytes: Uint8Array, on = series, expected = labelmap): void => {
  const placed = place(bytes, on);
  expect(codeOf(placed)).toBe('ok');
  if (placed.ok) expect(compareLabelmaps(expected, placed.value).ok).toBe(true);
};

/** The object with its frames changed one by one. */
export function withFrames(
  dataset: DicomDataset,
  change: (frame: DicomDataset, index: number) => DicomDataset,
): DicomDataset {
  const frames = items(dataset, Tag.PerFrameFunctionalGroupsSequence).map(change);
  return { ...dataset, [Tag.PerFrameFunctionalGroupsSequence]: sequence(...frames) };
}

export const without = (dataset: DicomDataset, ...tags: readonly string[]): DicomDataset =>
  Object.fromEntries(Object.entries(dataset).filter(([tag]) => !tags.includes(tag)));
