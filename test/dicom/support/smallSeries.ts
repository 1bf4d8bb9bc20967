import { seriesOf } from './readSeries.ts';
import { labelmapOf, testSegment } from './segments.ts';
import { type SeriesShape, syntheticSeries } from './syntheticSeries.ts';

/** Six CT slices of 7 x 5 pixels, the last one first: small enough to write masks by hand. */
export const SMALL: SeriesShape = {
  columns: 7,
  rows: 5,
  slices: 6,
  geometry: 'axial',
  source: 'CT',
  order: 'descending',
  decimals: 'numbers',
  patient: 'plain',
  serial: 4,
};

/** A mask of a slice of {@link SMALL}, from the indices of its pixels (row-major). */
export const maskOf = (...set: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: SMALL.columns * SMALL.rows }, (_, p) => Number(set.includes(p)));

export const smallHeaders = syntheticSeries(SMALL);
export const smallSeries = seriesOf(smallHeaders);

/** Two segments that share a voxel on slice 4, one without voxels between them, and a slice whose mask is empty. */
export const twoSegments = labelmapOf(smallSeries, [
  [
    testSegment(3),
    new Map([
      [1, maskOf(0, 34)],
      [4, maskOf(3)],
      [2, new Uint8Array(35)],
    ]),
  ],
  [testSegment(7), new Map()],
  [testSegment(5), new Map([[4, maskOf(3, 4)]])],
]);
