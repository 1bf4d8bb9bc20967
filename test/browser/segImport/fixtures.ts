import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DicomDataset, numbers } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { writePart10 } from '../../../extensions/dicom-seg/encode.ts';
import { type BuiltSegmentation, buildSegmentation } from '../../../extensions/dicom-seg/model/build.ts';
import { element } from '../../../extensions/dicom-seg/model/element.ts';
import { SegTag } from '../../../extensions/dicom-seg/model/tags.ts';
import { randomUid } from '../../../extensions/dicom-seg/randomUid.ts';
import { readHeader, seriesOf } from '../../dicom/support/readSeries.ts';
import { fractional, labelmapOf, requestOf, testSegment } from '../../dicom/support/segments.ts';
import { freshUid, tinyCt } from '../../support/tinyCt.ts';

export const SIDE = 16;
const SLICES = 6;

/** A square of voxels, as pixel indices. */
export const square = (from: number, to: number): readonly number[] =>
  Array.from({ length: SIDE * SIDE }, (_, index) => index).filter((index) => {
    const [x, y] = [index % SIDE, Math.floor(index / SIDE)];
    return x >= from && x <= to && y >= from && y <= to;
  });

export interface Fixtures {
  readonly study: string;
  /** By slice. */
  readonly images: readonly string[];
  /** Values 20, 40, 60 and 100 of 100 on the first pixels of slice 2. */
  readonly fractional: string;
  /** A square of slice 3 on a grid 0.3 mm to the side, drawn on another series. */
  readonly shifted: string;
  readonly instanceOf: (k: number) => string;
}

/** A small CT series and two segmentations of it that cannot be opened without a choice of the reader's. */
export async function makeFixtures(folder: string): Promise<Fixtures> {
  const [study, series] = [freshUid(), freshUid()];
  await mkdir(join(folder, 'images'), { recursive: true });
  const images = Array.from({ length: SLICES }, (_, k) => join(folder, 'images', `${k}.dcm`));
  for (const [k, file] of images.entries()) {
    const pixels = new Uint16Array(SIDE * SIDE).fill(1060);
    await writeFile(file, tinyCt({ study, series, instance: freshUid(), instanceNumber: k + 1, z: 3 * k, pixels }));
  }
  const headers = images.map(readHeader);
  const own = seriesOf(headers);
  const written = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(join(folder, `${name}.dcm`), bytes);
    return join(folder, `${name}.dcm`);
  };

  const cut = built(own, 2, [0], 'Fractional');
  const values = new Uint8Array(SIDE * SIDE);
  values.set([20, 40, 60, 100]);
  const other = seriesOf(
    headers.map((header) => ({
      ...header,
      [Tag.SeriesInstanceUID]: element('UI', `${series}1`),
      [Tag.SOPInstanceUID]: element('UI', randomUid()),
      [Tag.ImagePositionPatient]: element('DS', ...besides(header)),
    })),
  );
  const shifted = built(other, 3, square(4, 7), 'Shifted');
  return {
    study,
    images,
    fractional: await written('fractional', writePart10(fractional(cut.dataset, 100), values)),
    // It was drawn on a series that nobody has here: it says that it belongs to the one that is open.
    shifted: await written(
      'shifted',
      writePart10(
        { ...shifted.dataset, [SegTag.ReferencedSeriesSequence]: cut.dataset[SegTag.ReferencedSeriesSequence]! },
        shifted.pixelData,
      ),
    ),
    instanceOf: (k) => own.frames[k]!.sopInstanceUID,
  };
}

const besides = (header: DicomDataset): readonly number[] => {
  const [x = 0, y = 0, z = 0] = numbers(header, Tag.ImagePositionPatient) ?? [];
  return [x + 0.3, y, z];
};

function built(on: ImageSeries, k: number, pixels: readonly number[], seriesDescription: string): BuiltSegmentation {
  const mask = new Uint8Array(SIDE * SIDE);
  for (const pixel of pixels) mask[pixel] = 1;
  const request = requestOf(on, labelmapOf(on, [[testSegment(1), new Map([[k, mask]])]]), { uids: randomUid });
  const result = buildSegmentation({ ...request, content: { ...request.content, seriesDescription } });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
