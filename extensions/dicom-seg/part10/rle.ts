import { Malformed } from './byteReader.ts';

/**
 * One frame of RLE Lossless (PS3.5 annex G): a header of sixteen 32-bit words, then one PackBits segment per byte of a pixel,
 * most significant byte first. One-bit frames are one segment of packed bits (CP-2301).
 * @param length bytes of each segment when decoded
 * @returns the segments
 */
export function decodeRle(frame: Uint8Array, segments: number, length: number): readonly Uint8Array[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 64) throw new Malformed('a run-length coded frame has no header');
  const count = view.getUint32(0, true);
  if (count !== segments) throw new Malformed(`a run-length coded frame has ${count} segments instead of ${segments}`);
  return Array.from({ length: segments }, (_, index) => {
    const start = view.getUint32(4 + 4 * index, true);
    const end = index + 1 < segments ? view.getUint32(8 + 4 * index, true) : frame.length;
    if (start < 64 || end > frame.length || start > end)
      throw new Malformed('a run-length segment lies outside its frame');
    return unpackBits(frame.subarray(start, end), length);
  });
}

function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  let index = 0;
  while (index < packed.length && at < length) {
    const head = packed[index]!;
    index += 1;
    if (head === 128) continue;
    const count = head < 128 ? head + 1 : 257 - head;
    if (at + count > length) throw new Malformed('a run-length segment is longer than its frame');
    if (head < 128) {
      if (index + count > packed.length) throw new Malformed('a run-length segment ends too early');
      out.set(packed.subarray(index, index + count), at);
      index += count;
    } else {
      if (index >= packed.length) throw new Malformed('a run-length segment ends too early');
      out.fill(packed[index]!, at, at + count);
      index += 1;
    }
    at += count;
  }
  if (at !== length) throw new Malformed(`a run-length segment has ${at} bytes instead of ${length}`);
  return out;
}
