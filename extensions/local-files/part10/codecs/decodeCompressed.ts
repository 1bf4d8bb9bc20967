import { Decoder as LosslessJpegDecoder } from '@cornerstonejs/jpeg-lossless-decoder-js';
import { decodeJpeg } from '#core/pixels/jpeg/decodeJpeg.ts';
import type { PixelLayout } from '../pixelLayout.ts';
import { type CodecImage, decodeByWasm } from './wasmCodecs.ts';

type Decode = (frame: Uint8Array, layout: PixelLayout) => Promise<CodecImage | undefined>;

/** Why a frame gives no pixels: the code stream is bad, or good but not for the codecs that are here. */
export type NotDecoded = 'damaged' | 'unsupported';

/** Lossy JPEG in grey by our own decoder, which alone can do 12 bits; in colour (8 bits) by libjpeg-turbo, which gives RGB. */
const lossyJpeg: Decode = async (frame, { samplesPerPixel }) => {
  if (samplesPerPixel > 1) return decodeByWasm('jpeg', frame);
  const image = decodeJpeg(frame);
  if (image === undefined) return undefined;
  const { rows, columns, precision, values } = image;
  const bytes = precision > 8 ? new Uint8Array(values.buffer) : Uint8Array.from(values);
  return { rows, columns, components: 1, bitsPerSample: precision, bytes };
};

/** libjpeg-turbo takes three components for YCbCr, unless an Adobe marker (T.872 6.5.3) says that they are RGB. */
function isPlainRgb(frame: Uint8Array, { photometric, samplesPerPixel }: PixelLayout): boolean {
  const head = String.fromCharCode(...frame.subarray(0, 512));
  return samplesPerPixel > 1 && photometric === 'RGB' && !(head.includes('\xff\xee') && head.includes('Adobe'));
}

const losslessJpeg: Decode = async (frame, { rows, columns, samplesPerPixel, bitsAllocated }) => {
  const width = bitsAllocated <= 8 ? 1 : 2;
  try {
    const decoder = new LosslessJpegDecoder();
    const { buffer, byteOffset, byteLength } = decoder.decode(frame.slice().buffer, 0, frame.length, width);
    const { frame: header } = decoder;
    if (header.dimY !== rows || header.dimX !== columns) return undefined;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return { rows, columns, components: samplesPerPixel, bitsPerSample: width * 8, bytes };
  } catch {
    return undefined;
  }
};

const jpegLs: Decode = (frame) => decodeByWasm('jpeg-ls', frame);
const jpeg2000: Decode = (frame) => decodeByWasm('jpeg-2000', frame);
const htj2k: Decode = (frame) => decodeByWasm('htj2k', frame);
const jpegXl: Decode = (frame) => decodeByWasm('jpeg-xl', frame);

/** By the end of the transfer syntax UID (PS3.5 A.4). */
const DECODERS: Readonly<Record<string, Decode>> = {
  '50': lossyJpeg,
  '51': lossyJpeg,
  '53': lossyJpeg,
  '55': lossyJpeg,
  '57': losslessJpeg,
  '70': losslessJpeg,
  '80': jpegLs,
  '81': jpegLs,
  '90': jpeg2000,
  '91': jpeg2000,
  '110': jpegXl,
  '111': jpegXl,
  '112': jpegXl,
  '201': htj2k,
  '202': htj2k,
  '203': htj2k,
};
const PREFIX = '1.2.840.10008.1.2.4.';

/** Whether frames of this transfer syntax need a codec that is here. */
export const hasCodec = (transferSyntaxUID: string): boolean => decoderOf(transferSyntaxUID) !== undefined;

const decoderOf = (transferSyntaxUID: string): Decode | undefined =>
  transferSyntaxUID.startsWith(PREFIX) ? DECODERS[transferSyntaxUID.slice(PREFIX.length)] : undefined;

/** One frame as native bytes of the layout: little endian, interleaved, colour as RGB where the codec knows of colour. */
export async function decodeCompressed(
  frame: Uint8Array,
  layout: PixelLayout,
  transferSyntaxUID: string,
): Promise<Uint8Array | NotDecoded> {
  const decode = decoderOf(transferSyntaxUID);
  if (decode === undefined || (decode === lossyJpeg && isPlainRgb(frame, layout))) return 'unsupported';
  const image = await decode(frame, layout);
  if (image === undefined) return 'damaged';
  const { rows, columns, components, bitsPerSample, bytes } = image;
  if (rows !== layout.rows || columns !== layout.columns || components !== layout.samplesPerPixel) return 'damaged';
  const given = bitsPerSample > 8 ? 2 : 1;
  const wanted = layout.bitsAllocated / 8;
  if (bytes.length < rows * columns * components * given || wanted < given) return 'damaged';
  return wanted === given ? bytes : widened(bytes, wanted);
}

/** Samples of one byte in words of `width` bytes. */
function widened(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length * width);
  for (let at = 0; at < bytes.length; at += 1) out[at * width] = bytes[at]!;
  return out;
}
