import { inflateSync } from 'fflate';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { frameBytesOf } from './frameBytes.ts';
import type { Part10File } from './parsePart10.ts';
import { frameBits, type PixelLayout, pixelLayout } from './pixelLayout.ts';
import { decodeRle } from './rle.ts';
import { DEFLATED_FRAMES, RLE } from './syntaxes.ts';

export type StoredValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Stored values of one frame: values[(row * columns + column) * samplesPerPixel + sample], no look-up of any kind applied. */
export interface StoredPixels {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  readonly values: StoredValues;
}

/**
 * Stored values of one frame of an uncompressed or RLE image; one-bit images give a byte a pixel.
 * @param frame 0-based
 * @returns errors of {@link frameBytesOf}, `compressed-pixels` for a codec that is not here, `damaged-pixels`
 */
export function storedPixels(file: Part10File, frame: number): Result<StoredPixels> {
  const layout = pixelLayout(file);
  if (!layout.ok) return layout;
  const stored = frameBytesOf(file, layout.value, frame);
  if (!stored.ok) return stored;
  const bytes = file.syntax.encapsulated ? decoded(file, layout.value, stored.value) : stored;
  return bytes.ok ? ok(pixelsOf(bytes.value, layout.value, file)) : bytes;
}

/** Native bytes of one frame as values. */
export function pixelsOf(bytes: Uint8Array, layout: PixelLayout, file: Part10File): StoredPixels {
  const { rows, columns, samplesPerPixel, photometric } = layout;
  return { rows, columns, samplesPerPixel, photometric, values: valuesOf(bytes, layout, file) };
}

function decoded(file: Part10File, layout: PixelLayout, frame: Uint8Array): Result<Uint8Array> {
  const decode = DECODERS[file.transferSyntaxUID];
  if (decode === undefined) return err(unreadableCompression(file));
  const out = decode(frame, layout);
  return out === undefined ? err(damagedPixels(file)) : ok(out);
}

export const unreadableCompression = ({ name, transferSyntaxUID }: Part10File): AppError =>
  appError('compressed-pixels', `${name} is compressed in a way that cannot be read here.`, {
    remedy: 'Export the study uncompressed (Explicit VR Little Endian), or open it in the viewer.',
    context: { file: name, transferSyntaxUID },
  });

export const damagedPixels = ({ name, transferSyntaxUID }: Part10File): AppError =>
  appError('damaged-pixels', `${name} holds a damaged compressed frame.`, {
    remedy: 'Export the file again.',
    context: { file: name, transferSyntaxUID },
  });

const DECODERS: Readonly<Record<string, (frame: Uint8Array, layout: PixelLayout) => Uint8Array | undefined>> = {
  [RLE]: (frame, { rows, columns, samplesPerPixel, bitsAllocated }) => {
    const bytesPerSample = Math.ceil(bitsAllocated / 8);
    // One-bit RLE packs eight pixels in a byte before it runs (PS3.5 8.2.2).
    const pixels = bitsAllocated === 1 ? Math.ceil((rows * columns) / 8) : rows * columns;
    return decodeRle(frame, pixels, samplesPerPixel * bytesPerSample, bytesPerSample);
  },
  [DEFLATED_FRAMES]: (frame, layout) => {
    try {
      return inflateSync(frame, { out: new Uint8Array(Math.ceil(frameBits(layout) / 8)) });
    } catch {
      return undefined;
    }
  },
};

function valuesOf(bytes: Uint8Array, layout: PixelLayout, file: Part10File): StoredValues {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed, planar, float, halfChroma } = layout;
  const pixels = rows * columns;
  if (bitsAllocated === 1) return Uint8Array.from({ length: pixels }, (_, at) => (bytes[at >> 3]! >> (at & 7)) & 1);
  const width = bitsAllocated / 8;
  const aligned = (bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>;
  const length = Math.floor(aligned.length / width);
  const values = typed(aligned, length, bitsAllocated, signed, float);
  const settled = float || bitsStored === bitsAllocated ? values : inStoredRange(values, bitsStored, signed);
  if (halfChroma) return fullChroma(settled, pixels);
  const whole = settled.subarray(0, pixels * samplesPerPixel);
  // A compressed frame is planar or not as its codec gives it.
  return planar && !file.syntax.encapsulated ? interleaved(whole, pixels, samplesPerPixel) : whole;
}

function typed(
  { buffer, byteOffset }: Uint8Array<ArrayBuffer>,
  length: number,
  bits: number,
  signed: boolean,
  float: boolean,
): StoredValues {
  if (bits === 64) return new Float64Array(buffer, byteOffset, length);
  if (bits === 32 && float) return new Float32Array(buffer, byteOffset, length);
  if (bits === 32)
    return signed ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
  if (bits === 16)
    return signed ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
  return signed ? new Int8Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
}

/** Bits above the stored ones may hold anything (old overlays): they are cut off, and the sign is carried up. */
function inStoredRange(values: StoredValues, bitsStored: number, signed: boolean): StoredValues {
  const shift = 32 - bitsStored;
  return signed ? values.map((value) => (value << shift) >> shift) : values.map((value) => (value << shift) >>> shift);
}

function interleaved(values: StoredValues, pixels: number, samples: number): StoredValues {
  const out = values.slice();
  for (let sample = 0; sample < samples; sample += 1) {
    for (let at = 0; at < pixels; at += 1) out[at * samples + sample] = values[sample * pixels + at]!;
  }
  return out;
}

/** YBR_FULL_422 stores Y1 Y2 Cb Cr (PS3.3 C.7.6.3.1.2): both pixels get the chroma. */
function fullChroma(values: StoredValues, pixels: number): StoredValues {
  const out = new Uint8Array(pixels * 3);
  for (let at = 0; at < pixels; at += 1) {
    const pair = (at >> 1) * 4;
    out[at * 3] = values[pair + (at & 1)]!;
    out[at * 3 + 1] = values[pair + 2]!;
    out[at * 3 + 2] = values[pair + 3]!;
  }
  return out;
}
