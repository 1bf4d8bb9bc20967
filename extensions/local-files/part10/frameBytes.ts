import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { ByteRange } from './elements.ts';
import type { Part10File } from './parsePart10.ts';
import { frameBits, type PixelLayout, pixelLayout } from './pixelLayout.ts';

/**
 * Bytes of one frame as DICOMweb sends it: native pixels little endian, the frame starting on a byte; compressed ones as stored.
 * @param frame 0-based
 * @returns errors of {@link pixelLayout}, `no-such-frame`, `truncated-pixels`, `frame-not-found`
 */
export function frameBytes(file: Part10File, frame: number): Result<Uint8Array> {
  const layout = pixelLayout(file);
  return layout.ok ? frameBytesOf(file, layout.value, frame) : layout;
}

export function frameBytesOf(file: Part10File, layout: PixelLayout, frame: number): Result<Uint8Array> {
  const context = { file: file.name, frame: frame + 1, frames: layout.frames };
  if (!Number.isInteger(frame) || frame < 0 || frame >= layout.frames) {
    return err(appError('no-such-frame', `${file.name} has no frame ${frame + 1}.`, { context }));
  }
  return file.pixelData?.kind === 'encapsulated'
    ? encapsulatedFrame(file, layout, frame)
    : nativeFrame(file, layout, frame);
}

function nativeFrame(file: Part10File, layout: PixelLayout, frame: number): Result<Uint8Array> {
  const { pixelData, bytes, name, syntax } = file;
  if (pixelData?.kind !== 'native') throw new Error('not native');
  const bits = frameBits(layout);
  const [first, last] = [frame * bits, (frame + 1) * bits];
  if (Math.ceil(last / 8) > pixelData.length || pixelData.offset + Math.ceil(last / 8) > bytes.length) {
    const needed = Math.ceil((layout.frames * bits) / 8);
    return err(
      appError('truncated-pixels', `${name} has ${pixelData.length} bytes of pixels where ${needed} belong.`, {
        remedy: 'Copy or export the file again.',
        context: { file: name, expected: needed, actual: pixelData.length },
      }),
    );
  }
  if (first % 8 !== 0 || bits % 8 !== 0) return ok(shiftedBits(bytes, pixelData.offset, first, bits));
  const [from, to] = [pixelData.offset + first / 8, pixelData.offset + last / 8];
  if (syntax.littleEndian) return ok(bytes.subarray(from, to));
  const width = layout.bitsAllocated > 8 ? layout.bitsAllocated / 8 : wordsOfBytes(file);
  return ok(reversedWords(bytes, pixelData.offset, from, to, width));
}

/** Big-endian 8-bit pixels in an OW element are swapped in pairs (PS3.5 section 8.1.1 and Annex A.3). */
const wordsOfBytes = (file: Part10File): number => (file.raw.get(Tag.PixelData)?.vr === 'OW' ? 2 : 1);

/** Bytes `from` to `to`, with every word of `width` bytes (counted from `origin`) turned round. */
function reversedWords(bytes: Uint8Array, origin: number, from: number, to: number, width: number): Uint8Array {
  const out = new Uint8Array(to - from);
  for (let at = from; at < to; at += 1) {
    const inWord = (at - origin) % width;
    out[at - from] = bytes[at + width - 1 - 2 * inWord] ?? 0;
  }
  return out;
}

/** One-bit frames follow each other without padding: a frame may start inside a byte (PS3.5 section 8.1.1). */
function shiftedBits(bytes: Uint8Array, offset: number, firstBit: number, bits: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bits / 8));
  for (let bit = 0; bit < bits; bit += 1) {
    const at = firstBit + bit;
    if ((bytes[offset + (at >> 3)]! >> (at & 7)) & 1) out[bit >> 3]! |= 1 << (bit & 7);
  }
  return out;
}

function encapsulatedFrame(file: Part10File, layout: PixelLayout, frame: number): Result<Uint8Array> {
  const fragments = fragmentsOfFrame(file, layout.frames, frame);
  if (fragments === undefined || fragments.length === 0) {
    return err(
      appError('frame-not-found', `${file.name} does not say which of its fragments hold frame ${frame + 1}.`, {
        remedy: 'Export the file again with a basic offset table.',
        context: { file: file.name, frame: frame + 1 },
      }),
    );
  }
  const only = fragments[0]!;
  if (fragments.length === 1) return ok(file.bytes.subarray(only.offset, only.offset + only.length));
  const out = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of fragments) {
    out.set(file.bytes.subarray(offset, offset + length), at);
    at += length;
  }
  return ok(out);
}

/** By offset table, else one fragment a frame, else by the marker that begins each compressed frame (PS3.5 A.4). */
function fragmentsOfFrame(file: Part10File, frames: number, frame: number): readonly ByteRange[] | undefined {
  const { pixelData, bytes } = file;
  if (pixelData?.kind !== 'encapsulated') throw new Error('not encapsulated');
  const { fragments } = pixelData;
  if (frames === 1) return fragments;
  const offsetTable = extendedOffsets(file) ?? pixelData.offsetTable;
  if (offsetTable.length === frames) {
    const base = fragments[0]!.offset - 8;
    const [from, to] = [base + offsetTable[frame]!, base + (offsetTable[frame + 1] ?? Number.POSITIVE_INFINITY)];
    return fragments.filter(({ offset }) => offset - 8 >= from && offset - 8 < to);
  }
  if (fragments.length === frames) return [fragments[frame]!];
  const starts = fragments.flatMap(({ offset }, index) => (beginsCodeStream(bytes, offset) ? [index] : []));
  return starts.length === frames ? fragments.slice(starts[frame], starts[frame + 1]) : undefined;
}

/** Extended Offset Table (7FE0,0001): 64-bit offsets. */
function extendedOffsets({ raw, bytes }: Part10File): readonly number[] | undefined {
  const table = raw.get('7FE00001');
  if (table === undefined || table.length === 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: table.length >> 3 }, (_, index) =>
    Number(view.getBigUint64(table.offset + index * 8, true)),
  );
}

/** JPEG and JPEG-LS start with FF D8 FF; JPEG 2000 with FF 4F FF 51. */
const beginsCodeStream = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 0xff && bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) ||
  (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51);
