import { inflateSync } from 'fflate';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type BitLayout, bitLayoutOf } from '../model/bitLayout.ts';
import { unpackFrame } from '../model/bitStream.ts';
import { Malformed } from './byteReader.ts';
import type { PixelBytes } from './parseDataset.ts';
import { ExplicitBigEndian } from './parsePart10.ts';
import { decodeRle } from './rle.ts';

export interface PixelShape {
  readonly frames: number;
  /** Pixels per frame. */
  readonly pixels: number;
  readonly bitsAllocated: 1 | 8 | 16;
}

/** Stored values of frame 0..frames-1; one-bit frames come as 0 and 1. Throws {@link Malformed} on a damaged frame. */
export interface FrameSource {
  readonly read: (frame: number) => Uint8Array | Uint16Array;
  /** Of native one-bit data. */
  readonly layout: BitLayout | undefined;
}

const RLE = '1.2.840.10008.1.2.5';
const DeflatedImageFrame = '1.2.840.10008.1.2.8.1';

/** @returns errors `pixel-encoding-unsupported`, `pixel-data-length` */
export function framePixels(pixels: PixelBytes, shape: PixelShape, transferSyntaxUID: string): Result<FrameSource> {
  if (pixels.kind === 'native')
    return nativeFrames(pixels.vr, pixels.bytes, shape, transferSyntaxUID === ExplicitBigEndian);
  if (transferSyntaxUID !== RLE && transferSyntaxUID !== DeflatedImageFrame) {
    return err(
      appError('pixel-encoding-unsupported', 'The segmentation is compressed in a way that VoxPrompt does not read.', {
        remedy: 'Ask the archive for it uncompressed (Explicit VR Little Endian).',
        context: { transferSyntaxUID },
      }),
    );
  }
  const frames = fragmentsByFrame(pixels, shape.frames);
  if (frames === undefined) return err(wrongLength('fragments', shape.frames, pixels.fragments.length));
  const decode = transferSyntaxUID === RLE ? rleFrame : deflatedFrame;
  return ok({ layout: undefined, read: (frame) => decode(joined(frames[frame]!), shape) });
}

function nativeFrames(vr: string, stored: Uint8Array, shape: PixelShape, bigEndian: boolean): Result<FrameSource> {
  const { frames, pixels, bitsAllocated } = shape;
  const bytes = bigEndian && vr === 'OW' && bitsAllocated < 16 ? swapped(stored) : stored;
  if (bitsAllocated === 1) {
    const layout = bitLayoutOf(bytes, frames, pixels);
    if (layout === undefined) return err(wrongLength('bytes', Math.ceil((frames * pixels) / 8), bytes.length));
    return ok({ layout, read: (frame) => unpackFrame(bytes, frame * layout.stride, pixels) });
  }
  const size = bitsAllocated / 8;
  const needed = frames * pixels * size;
  if (bytes.length !== needed && bytes.length !== needed + (needed % 2)) {
    return err(wrongLength('bytes', needed, bytes.length));
  }
  return ok({
    layout: undefined,
    read: (frame) => {
      const start = frame * pixels * size;
      const part = bytes.subarray(start, start + pixels * size);
      return bitsAllocated === 8 ? part : words(part, !bigEndian);
    },
  });
}

/** Each frame is encoded by itself, so one-bit frames end on a byte (PS3.5 8.2.2, annex A.4). */
const encodedBytes = ({ pixels, bitsAllocated }: PixelShape): number => Math.ceil((pixels * bitsAllocated) / 8);

function rleFrame(frame: Uint8Array, shape: PixelShape): Uint8Array | Uint16Array {
  if (shape.bitsAllocated === 16) {
    const [high, low] = decodeRle(frame, 2, shape.pixels) as [Uint8Array, Uint8Array];
    return Uint16Array.from(low, (value, index) => value | (high[index]! << 8));
  }
  const [bytes] = decodeRle(frame, 1, encodedBytes(shape)) as [Uint8Array];
  return shape.bitsAllocated === 1 ? unpackFrame(bytes, 0, shape.pixels) : bytes;
}

function deflatedFrame(frame: Uint8Array, shape: PixelShape): Uint8Array | Uint16Array {
  const needed = encodedBytes(shape);
  let bytes: Uint8Array;
  try {
    bytes = inflateSync(frame, { out: new Uint8Array(needed + 1) });
  } catch (thrown) {
    throw new Malformed('a deflated frame is damaged', { cause: thrown });
  }
  if (bytes.length !== needed && bytes.length !== needed + (needed % 2)) {
    throw new Malformed(`a deflated frame has ${bytes.length} bytes instead of ${needed}`);
  }
  if (shape.bitsAllocated === 1) return unpackFrame(bytes, 0, shape.pixels);
  return shape.bitsAllocated === 8 ? bytes.subarray(0, needed) : words(bytes.subarray(0, needed), true);
}

/** Fragments of each frame: one a frame, or as the offset table divides them. */
function fragmentsByFrame(pixels: PixelBytes & { kind: 'encapsulated' }, frames: number): Uint8Array[][] | undefined {
  const { fragments, offsets } = pixels;
  if (fragments.length === frames) return fragments.map(({ bytes }) => [bytes]);
  if (frames === 1) return [fragments.map(({ bytes }) => bytes)];
  if (offsets.length !== frames) return undefined;
  return offsets.map((start, index) => {
    const end = offsets[index + 1] ?? Number.POSITIVE_INFINITY;
    return fragments.filter(({ offset }) => offset >= start && offset < end).map(({ bytes }) => bytes);
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function swapped(bytes: Uint8Array): Uint8Array {
  const out = bytes.slice();
  for (let at = 0; at + 1 < out.length; at += 2) [out[at], out[at + 1]] = [out[at + 1]!, out[at]!];
  return out;
}

function words(bytes: Uint8Array, little: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => view.getUint16(index * 2, little));
}

const wrongLength = (unit: string, expected: number, actual: number) =>
  appError('pixel-data-length', 'The pixel data of the segmentation does not have the length that its header says.', {
    context: { unit, expected, actual },
  });
