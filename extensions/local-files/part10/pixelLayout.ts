import { number, text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { Part10File } from './parsePart10.ts';

/** How samples are stored (PS3.3 C.7.6.3). */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Samples of one colour stand together: RRR GGG BBB. */
  readonly planar: boolean;
  /** The samples are IEEE floats (Float or Double Float Pixel Data). */
  readonly float: boolean;
  /** Cb and Cr are there for every second pixel only. */
  readonly halfChroma: boolean;
}

const MAX_FRAME_SAMPLES = 2 ** 29;

/** Reads the Image Pixel attributes. Errors `no-pixel-data`, `bad-pixel-attributes`, naming the file. */
export function pixelLayout({ dataset, pixelData, syntax, name }: Part10File): Result<PixelLayout> {
  if (pixelData === undefined) {
    return err(appError('no-pixel-data', `${name} holds no pixel data.`, { context: { file: name } }));
  }
  const float = pixelData.tag !== Tag.PixelData;
  const rows = number(dataset, Tag.Rows) ?? 0;
  const columns = number(dataset, Tag.Columns) ?? 0;
  const frames =
    number(dataset, Tag.NumberOfFrames) ?? (text(dataset, Tag.NumberOfFrames) === undefined ? 1 : Number.NaN);
  const samplesPerPixel = number(dataset, Tag.SamplesPerPixel) ?? 1;
  const bitsAllocated = float ? (pixelData.tag === '7FE00008' ? 32 : 64) : (number(dataset, Tag.BitsAllocated) ?? 0);
  const bitsStored = float ? bitsAllocated : (number(dataset, Tag.BitsStored) ?? bitsAllocated);
  const photometric = text(dataset, Tag.PhotometricInterpretation) ?? 'MONOCHROME2';
  if (!isCount(rows) || !isCount(columns) || !isCount(frames))
    return err(bad(name, `${rows} rows, ${columns} columns, ${frames} frames`));
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) return err(bad(name, `${samplesPerPixel} samples per pixel`));
  if (![1, 8, 16, 32, 64].includes(bitsAllocated) || bitsStored < 1 || bitsStored > bitsAllocated) {
    return err(bad(name, `${bitsStored} of ${bitsAllocated} bits`));
  }
  if (rows * columns * samplesPerPixel > MAX_FRAME_SAMPLES)
    return err(bad(name, `${rows} x ${columns} pixels in a frame`));
  return ok({
    rows,
    columns,
    frames,
    samplesPerPixel,
    photometric,
    bitsAllocated,
    bitsStored,
    signed: number(dataset, Tag.PixelRepresentation) === 1,
    planar: samplesPerPixel > 1 && number(dataset, '00280006') === 1,
    float,
    halfChroma: photometric === 'YBR_FULL_422' && !syntax.encapsulated,
  });
}

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0;

const bad = (name: string, what: string): AppError =>
  appError('bad-pixel-attributes', `${name} describes an impossible image (${what}).`, { context: { file: name } });

/** Stored bits of one native frame. */
export const frameBits = (layout: PixelLayout): number =>
  layout.rows * layout.columns * (layout.halfChroma ? 2 : layout.samplesPerPixel) * layout.bitsAllocated;
