import { describe, expect, it } from 'vitest';
import { type DicomDataset, type DicomElement, numbers } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import {
  built,
  codeOf,
  exact,
  headers,
  labelmap,
  maskAt,
  place,
  SHAPE,
  series,
  withFrames,
  without,
} from '../../../test/dicom/support/placing.ts';
import { seriesOf } from '../../../test/dicom/support/readSeries.ts';
import { labelmapOf, testSegment } from '../../../test/dicom/support/segments.ts';
import { syntheticSeries } from '../../../test/dicom/support/syntheticSeries.ts';
import { writePart10 } from '../encode.ts';
import { element } from './element.ts';
import { SegTag } from './tags.ts';

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
