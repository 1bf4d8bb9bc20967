import { describe, expect, it } from 'vitest';
import { type DicomDataset, type DicomElement, items, numbers } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { seriesOf } from '../../../test/dicom/support/readSeries.ts';
import { labelmapOf, requestOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { type SeriesShape, syntheticSeries } from '../../../test/dicom/support/syntheticSeries.ts';
import { decodeSegmentation } from '../decode.ts';
import { writePart10 } from '../encode.ts';
import { packFrames } from './bitStream.ts';
import { buildSegmentation } from './build.ts';
import { compareLabelmaps } from './compare.ts';
import { element, sequence } from './element.ts';
import { type PlaceOptions, placeOnSeries } from './place.ts';
import { SegTag } from './tags.ts';

const SHAPE: SeriesShape = {
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
const PIXELS = 63;
const headers = syntheticSeries(SHAPE);
const series = seriesOf(headers);

const maskAt = (...points: readonly (readonly [x: number, y: number])[]): Uint8Array => {
  const mask = new Uint8Array(PIXELS);
  for (const [x, y] of points) mask[y * 9 + x] = 1;
  return mask;
};

const labelmap = labelmapOf(series, [
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

function built(of: ImageSeries, what: Labelmap) {
  const result = buildSegmentation(requestOf(of, what));
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

function place(bytes: Uint8Array, on: ImageSeries, options?: PlaceOptions) {
  const decoded = decodeSegmentation(bytes);
  if (!decoded.ok) throw new Error(`${decoded.error.code} ${decoded.error.cause}`);
  return placeOnSeries(decoded.value, on, options);
}

const codeOf = (result: ReturnType<typeof place>): string => (result.ok ? 'ok' : result.error.code);

const exact = (bytes: Uint8Array, on = series, expected = labelmap): void => {
  const placed = place(bytes, on);
  expect(codeOf(placed)).toBe('ok');
  if (placed.ok) expect(compareLabelmaps(expected, placed.value).ok).toBe(true);
};

/** The object with its frames changed one by one. */
function withFrames(dataset: DicomDataset, change: (frame: DicomDataset, index: number) => DicomDataset): DicomDataset {
  const frames = items(dataset, Tag.PerFrameFunctionalGroupsSequence).map(change);
  return { ...dataset, [Tag.PerFrameFunctionalGroupsSequence]: sequence(...frames) };
}

const without = (dataset: DicomDataset, ...tags: readonly string[]): DicomDataset =>
  Object.fromEntries(Object.entries(dataset).filter(([tag]) => !tags.includes(tag)));

const shifted = (source: DicomElement, by: readonly number[]): DicomElement =>
  element('DS', ...numbers({ a: source }, 'a')!.map((value, index) => value + by[index]!));

/** The series as another writer might lay its grid: `origin` and `size` in pixels, `step` directions of its rows and columns. */
function regridded(
  change: (header: DicomDataset, along: (column: number, row: number) => DicomElement) => DicomDataset,
): ImageSeries {
  return seriesOf(
    headers.map((header) => {
      const [r0, r1, r2, c0, c1, c2] = numbers(header, Tag.ImageOrientationPatient) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const [dy, dx] = numbers(header, Tag.PixelSpacing) as [number, number];
      const along = (column: number, row: number): DicomElement =>
        shifted(header[Tag.ImagePositionPatient]!, [
          column * dx * r0 + row * dy * c0,
          column * dx * r1 + row * dy * c1,
          column * dx * r2 + row * dy * c2,
        ]);
      return change(header, along);
    }),
  );
}

describe('frames of other writers', () => {
  const { dataset, pixelData } = built(series, labelmap);
  const frames = items(dataset, Tag.PerFrameFunctionalGroupsSequence);

  it('are read in any order', () => {
    const order = [3, 0, 2, 1];
    const masks = [maskAt([2, 1], [6, 5]), maskAt([3, 3]), maskAt([8, 6]), maskAt([3, 3], [4, 3])];
    const mixed = {
      ...dataset,
      [Tag.PerFrameFunctionalGroupsSequence]: sequence(...order.map((index) => frames[index]!)),
    };
    exact(
      writePart10(
        mixed,
        packFrames(
          order.map((index) => masks[index]!),
          PIXELS,
        ),
      ),
    );
  });

  it('may share the segment and repeat the orientation', () => {
    const one = labelmapOf(series, [[testSegment(1), labelmap.voxels.get(1)!]]);
    const own = built(series, one);
    const [shared] = items(own.dataset, Tag.SharedFunctionalGroupsSequence);
    const segment = { [SegTag.SegmentIdentificationSequence]: frames[0]![SegTag.SegmentIdentificationSequence]! };
    const orientation = { [Tag.PlaneOrientationSequence]: shared![Tag.PlaneOrientationSequence]! };
    const changed = withFrames(own.dataset, (frame) => ({
      ...without(frame, SegTag.SegmentIdentificationSequence),
      ...orientation,
    }));
    const bytes = writePart10(
      {
        ...changed,
        [Tag.SharedFunctionalGroupsSequence]: sequence({
          ...without(shared!, Tag.PlaneOrientationSequence),
          ...segment,
        }),
      },
      own.pixelData,
    );
    exact(bytes, series, one);
  });

  it('without position are placed by the image they name, and refused where they name none', () => {
    const blind = withFrames(dataset, (frame) => without(frame, Tag.PlanePositionSequence));
    exact(writePart10(blind, pixelData));
    const lost = withFrames(blind, (frame) => without(frame, SegTag.DerivationImageSequence));
    expect(codeOf(place(writePart10(lost, pixelData), series))).toBe('no-position');
  });

  it('without source images are placed by their position, in the same frame of reference only', () => {
    const unnamed = withFrames(dataset, (frame) => without(frame, SegTag.DerivationImageSequence));
    exact(writePart10(unnamed, pixelData));
    const foreign = { ...unnamed, [Tag.FrameOfReferenceUID]: element('UI', '1.2.3') };
    expect(codeOf(place(writePart10(foreign, pixelData), series))).toBe('other-frame-of-reference');
  });

  it('that name one image and lie on another are refused, never moved (the slice-order flip of older writers)', () => {
    const positions = frames.map((frame) => frame[Tag.PlanePositionSequence]!);
    const flipped = withFrames(dataset, (frame, index) => ({
      ...frame,
      [Tag.PlanePositionSequence]: positions[3 - index]!,
    }));
    expect(codeOf(place(writePart10(flipped, pixelData), series))).toBe('position-conflict');
  });

  it('twice for one segment and slice are refused', () => {
    const twice = withFrames(dataset, (frame, index) => (index === 1 ? frames[0]! : frame));
    expect(codeOf(place(writePart10(twice, pixelData), series))).toBe('duplicate-frames');
  });

  it('of a segment that is not described are refused', () => {
    const dangling = withFrames(dataset, (frame) => ({
      ...frame,
      [SegTag.SegmentIdentificationSequence]: sequence({ [SegTag.ReferencedSegmentNumber]: element('US', 9) }),
    }));
    expect(decodeSegmentation(writePart10(dangling, pixelData))).toMatchObject({ error: { code: 'dangling-segment' } });
  });
});

describe('other grids', () => {
  it('that are cropped lie on the same voxels', () => {
    const cropped = regridded((header, along) => ({
      ...header,
      [Tag.ImagePositionPatient]: along(2, 1),
      [Tag.Columns]: element('US', 6),
      [Tag.Rows]: element('US', 5),
    }));
    const mask = new Uint8Array(30);
    mask[0] = 1;
    mask[4 * 6 + 4] = 1;
    const own = built(cropped, labelmapOf(cropped, [[testSegment(1), new Map([[1, mask]])]]));
    exact(
      writePart10(own.dataset, own.pixelData),
      series,
      labelmapOf(series, [[testSegment(1), new Map([[1, maskAt([2, 1], [6, 5])]])]]),
    );
  });

  it('that are mirrored, with their normal the other way, lie on the same voxels', () => {
    const mirrored = regridded((header, along) => ({
      ...header,
      [Tag.ImagePositionPatient]: along(8, 0),
      [Tag.ImageOrientationPatient]: element(
        'DS',
        ...numbers(header, Tag.ImageOrientationPatient)!.map((value, index) => (index < 3 ? -value : value)),
      ),
    }));
    const own = built(mirrored, labelmapOf(mirrored, [[testSegment(1), new Map([[3, maskAt([6, 1], [2, 5])]])]]));
    exact(
      writePart10(own.dataset, own.pixelData),
      series,
      labelmapOf(series, [[testSegment(1), new Map([[1, maskAt([2, 1], [6, 5])]])]]),
    );
  });

  it('that are shifted by half a pixel are refused, and resampled with consent', () => {
    const halfway = regridded((header, along) => ({ ...header, [Tag.ImagePositionPatient]: along(0.4, 0) }));
    const own = built(halfway, labelmapOf(halfway, [[testSegment(1), new Map([[1, maskAt([2, 1], [3, 1])]])]]));
    const bytes = writePart10(own.dataset, own.pixelData);
    expect(codeOf(place(bytes, series))).toBe('other-grid');
    const placed = place(bytes, series, { resample: true });
    expect(placed.ok && [...placed.value.voxels.get(1)!]).toEqual([[1, maskAt([2, 1], [3, 1])]]);
  });

  it('that are coarser are refused, and resampled with consent', () => {
    const coarse = regridded((header, along) => ({
      ...header,
      [Tag.ImagePositionPatient]: along(1, 1),
      [Tag.PixelSpacing]: element('DS', ...numbers(header, Tag.PixelSpacing)!.map((value) => value * 3)),
      [Tag.Columns]: element('US', 3),
      [Tag.Rows]: element('US', 2),
    }));
    const mask = Uint8Array.from([0, 1, 0, 0, 0, 0]);
    const own = built(coarse, labelmapOf(coarse, [[testSegment(1), new Map([[2, mask]])]]));
    const bytes = writePart10(own.dataset, own.pixelData);
    expect(codeOf(place(bytes, series))).toBe('other-grid');
    const placed = place(bytes, series, { resample: true });
    const block = [3, 4, 5].flatMap((x) => [0, 1, 2].map((y) => [x, y] as const));
    expect(placed.ok && [...placed.value.voxels.get(1)!]).toEqual([[2, maskAt(...block)]]);
  });

  it('that reach beyond the series are refused where they have voxels there', () => {
    const wider = regridded((header, along) => ({
      ...header,
      [Tag.ImagePositionPatient]: along(-2, 0),
      [Tag.Columns]: element('US', 13),
    }));
    const mask = new Uint8Array(91);
    mask[13] = 1;
    const own = built(wider, labelmapOf(wider, [[testSegment(1), new Map([[0, mask]])]]));
    expect(codeOf(place(writePart10(own.dataset, own.pixelData), series))).toBe('outside-series');
    mask[13] = 0;
    mask[13 + 2 + 5] = 1;
    const inside = built(wider, labelmapOf(wider, [[testSegment(1), new Map([[0, mask]])]]));
    exact(
      writePart10(inside.dataset, inside.pixelData),
      series,
      labelmapOf(series, [[testSegment(1), new Map([[0, maskAt([5, 1])]])]]),
    );
  });

  it('of a tilted series come back slice by slice', () => {
    for (const geometry of ['tilted', 'variable-spacing', 'missing-slice'] as const) {
      const odd = seriesOf(syntheticSeries({ ...SHAPE, geometry }));
      const map = labelmapOf(odd, [[testSegment(1), labelmap.voxels.get(1)!]]);
      const own = built(odd, map);
      const unnamed = withFrames(own.dataset, (frame) => without(frame, SegTag.DerivationImageSequence));
      exact(writePart10(unnamed, own.pixelData), odd, map);
    }
  });
});

describe('fractions', () => {
  const own = built(series, labelmapOf(series, [[testSegment(1), new Map([[2, maskAt([0, 0])]])]]));
  const bytesOf = (...values: readonly number[]): Uint8Array => {
    const pixels = new Uint8Array(64);
    pixels.set(values);
    return writePart10(
      {
        ...own.dataset,
        [SegTag.SegmentationType]: element('CS', 'FRACTIONAL'),
        [SegTag.SegmentationFractionalType]: element('CS', 'PROBABILITY'),
        [SegTag.MaximumFractionalValue]: element('US', 200),
        [Tag.BitsAllocated]: element('US', 8),
        [Tag.BitsStored]: element('US', 8),
        [SegTag.HighBit]: element('US', 7),
      },
      pixels,
    );
  };

  it('that are all or nothing need no choice', () => {
    const placed = place(bytesOf(200, 0, 200), series);
    expect(placed.ok && placed.value.voxels.get(1)!.get(2)).toEqual(maskAt([0, 0], [2, 0]));
  });

  it('ask for a threshold, and are never cut without one', () => {
    const bytes = bytesOf(200, 99, 100);
    expect(codeOf(place(bytes, series))).toBe('fraction-threshold-needed');
    const half = place(bytes, series, { fractionThreshold: 0.5 });
    expect(half.ok && half.value.voxels.get(1)!.get(2)).toEqual(maskAt([0, 0], [2, 0]));
  });
});
