import { describe, expect, it } from 'vitest';
import { type DicomDataset, type DicomElement, numbers } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { seriesOf } from '../../../test/dicom/support/readSeries.ts';
import { fractional, labelmapOf, requestOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { syntheticSeries } from '../../../test/dicom/support/syntheticSeries.ts';
import { writePart10 } from '../encode.ts';
import { segmentationFormat } from '../index.ts';
import { buildSegmentation } from './build.ts';
import { codeSequence, SegCode } from './codes.ts';
import { element, sequence } from './element.ts';
import { SegTag } from './tags.ts';

const headers = syntheticSeries({
  columns: 8,
  rows: 6,
  slices: 6,
  geometry: 'axial',
  source: 'CT',
  order: 'ascending',
  decimals: 'numbers',
  patient: 'plain',
  serial: 21,
});
const series = seriesOf(headers);
const first = series.stack.planes[0]!;

/** The series with its slices moved and thinned out: a grid of its own in the same frame of reference. */
function onGrid(shift: readonly [number, number, number], every = 1): ImageSeries {
  return seriesOf(
    series.frames
      .filter((_, k) => k % every === 0)
      .map(({ dataset }) => ({ ...dataset, [Tag.ImagePositionPatient]: moved(dataset, shift) })),
  );
}

const moved = (dataset: DicomDataset, by: readonly number[]): DicomElement =>
  element('DS', ...numbers(dataset, Tag.ImagePositionPatient)!.map((value, axis) => value + by[axis]!));

const block = (x0: number, x1: number): SliceMask =>
  Uint8Array.from({ length: 48 }, (_, p) => Number(p % 8 >= x0 && p % 8 <= x1 && p >= 16 && p < 32));

function fileOf(
  on: ImageSeries,
  slices: ReadonlyMap<number, SliceMask>,
  change: (dataset: DicomDataset) => DicomDataset = (dataset) => dataset,
): Uint8Array {
  const built = buildSegmentation(requestOf(on, labelmapOf(on, [[testSegment(1), slices]])));
  if (!built.ok) throw new Error(built.error.code);
  return writePart10(change(built.value.dataset), built.value.pixelData);
}

const codes = (notes: readonly { readonly code: string }[]): readonly string[] => notes.map(({ code }) => code);

describe('an object on another grid', () => {
  const file = fileOf(onGrid([0.4 * first.columnSpacing, 0, 0]), new Map([[2, block(3, 5)]]));

  it('is refused with both grids and the choice that would help', () => {
    const refused = segmentationFormat.decode(file, series);
    expect(refused).toMatchObject({ ok: false, error: { code: 'other-grid', choice: 'resample' } });
    expect(!refused.ok && refused.error.message).toMatch(/Both have 8 x 6 pixels of .*, but not in the same places/);
    const small = seriesOf(
      series.frames.map(({ dataset }) => ({ ...dataset, [Tag.PixelSpacing]: element('DS', 0.1, 0.1) })),
    );
    const other = segmentationFormat.decode(fileOf(small, new Map([[2, block(3, 5)]])), series);
    expect(!other.ok && other.error.message).toMatch(/It has 8 x 6 pixels of 0.1 x 0.1 mm; the series has 8 x 6/);
  });

  it('is resampled with consent, and says so', () => {
    const placed = segmentationFormat.decode(file, series, { resample: true });
    expect(placed.ok && placed.value.labelmap.voxels.get(1)?.get(2)).toEqual(block(3, 5));
    expect(placed.ok && codes(placed.value.notes)).toEqual(['resampled']);
  });

  it('counts what lies outside of the series, exactly', () => {
    const wide = fileOf(onGrid([5.4 * first.columnSpacing, 0, 0]), new Map([[2, block(1, 5)]]));
    const placed = segmentationFormat.decode(wide, series, { resample: true });
    // Columns 1 to 5 lie at 6.4 to 10.4 of a series that ends at 7.5: two of five are inside.
    expect(placed.ok && placed.value.notes[1]?.message).toMatch(/^6 of its 10 voxels/);
    expect(placed.ok && codes(placed.value.notes)).toEqual(['resampled', 'voxels-dropped']);
  });

  it('is refused for good where nothing of it lies on the series', () => {
    const far = fileOf(onGrid([0.4 * first.columnSpacing + 500, 0, 0]), new Map([[2, block(1, 5)]]));
    expect(segmentationFormat.decode(far, series, { resample: true })).toMatchObject({
      ok: false,
      error: { code: 'nothing-on-series' },
    });
  });
});

describe('a coarser stack', () => {
  const coarse = onGrid([0.4 * first.columnSpacing, 0, 0], 2);

  it('fills the slices between its own', () => {
    const file = fileOf(coarse, new Map([[1, block(3, 5)]]));
    const placed = segmentationFormat.decode(file, series, { resample: true });
    expect(placed.ok && [...placed.value.labelmap.voxels.get(1)!.keys()].sort()).toEqual([1, 2, 3]);
  });

  it('does not fill the gap of frames that were left out because they are empty', () => {
    const file = fileOf(
      onGrid([0.4 * first.columnSpacing, 0, 0]),
      new Map([
        [0, block(3, 5)],
        [5, block(3, 5)],
      ]),
    );
    const placed = segmentationFormat.decode(file, series, { resample: true });
    expect(placed.ok && [...placed.value.labelmap.voxels.get(1)!.keys()].sort()).toEqual([0, 5]);
  });
});

describe('what the reader is told', () => {
  it('is the threshold, where true fractions were cut at one', () => {
    const built = buildSegmentation(
      requestOf(series, labelmapOf(series, [[testSegment(1), new Map([[2, block(0, 2)]])]])),
    );
    if (!built.ok) throw new Error(built.error.code);
    const file = (...values: readonly number[]) => {
      const pixels = new Uint8Array(48);
      pixels.set(values);
      return writePart10(fractional(built.value.dataset, 100), pixels);
    };
    expect(segmentationFormat.decode(file(30, 50, 100), series)).toMatchObject({
      error: { code: 'fraction-threshold-needed', choice: 'fractionThreshold' },
    });
    const cut = segmentationFormat.decode(file(30, 50, 100), series, { fractionThreshold: 0.5 });
    expect(cut.ok && cut.value.notes[0]?.message).toContain('a probability of at least 50 %');
    const whole = segmentationFormat.decode(file(0, 100, 100), series);
    expect(whole.ok && whole.value.notes).toEqual([]);
  });

  it('is what is read past and would not be written again', () => {
    const file = fileOf(series, new Map([[2, block(0, 2)]]), (dataset) => ({
      ...dataset,
      [SegTag.SegmentSequence]: sequence({
        ...(dataset[SegTag.SegmentSequence]!.Value![0] as DicomDataset),
        '00082218': codeSequence(SegCode.background),
      }),
    }));
    const placed = segmentationFormat.decode(file, series);
    expect(placed.ok && placed.value.notes).toEqual([
      { code: 'not-kept', message: 'Not kept when saved here: anatomic region of segment 1.' },
    ]);
  });

  it('is nothing, for an object of our own', () => {
    const placed = segmentationFormat.decode(fileOf(series, new Map([[2, block(0, 2)]])), series);
    expect(placed.ok && placed.value.notes).toEqual([]);
  });
});
