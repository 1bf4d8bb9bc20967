/**
 * Decodes one RLE frame (PS3.5 Annex G): a segment for each byte of each sample, most significant byte first.
 * @param pixels rows x columns
 * @param segments samples per pixel x bytes per sample
 * @returns samples interleaved, little endian; undefined where the segments do not hold the frame
 */
export function decodeRle(
  frame: Uint8Array,
  pixels: number,
  segments: number,
  bytesPerSample: number,
): Uint8Array | undefined {
  if (frame.length < 64) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== segments || segments > 15) return undefined;
  const out = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = view.getUint32(4 + segment * 4, true);
    const end = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : frame.length;
    if (start < 64 || end > frame.length || start > end) return undefined;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    if (!unpack(frame.subarray(start, end), out, sample * bytesPerSample + byte, segments, pixels)) return undefined;
  }
  return out;
}

/** PackBits, written to every `stride`th byte from `at`. */
function unpack(packed: Uint8Array, out: Uint8Array, first: number, stride: number, pixels: number): boolean {
  const end = first + stride * pixels;
  let at = first;
  for (let from = 0; from < packed.length && at < end; ) {
    const control = packed[from]!;
    from += 1;
    if (control === 128) continue;
    const repeat = control > 128;
    const count = repeat ? 257 - control : control + 1;
    if (from + (repeat ? 1 : count) > packed.length) return false;
    for (let index = 0; index < count && at < end; index += 1, at += stride) {
      out[at] = packed[from + (repeat ? 0 : index)]!;
    }
    from += repeat ? 1 : count;
  }
  return at >= end;
}
