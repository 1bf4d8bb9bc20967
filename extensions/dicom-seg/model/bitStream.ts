/**
 * One-bit pixel cells (PS3.5 8.1.1 and its note): frames follow one another in one stream of bits, lowest bit of each byte first,
 * with no padding between frames; only the end of the stream is padded, to an even number of bytes.
 */

/** Bytes of the stream for a number of one-bit pixels, even. */
export const streamLength = (bits: number): number => evened(Math.ceil(bits / 8));

const evened = (bytes: number): number => bytes + (bytes % 2);

/** @param frames masks of 0 and 1, all of `pixels` values */
export function packFrames(frames: readonly Uint8Array[], pixels: number): Uint8Array {
  const stream = new Uint8Array(streamLength(frames.length * pixels));
  frames.forEach((mask, index) => {
    if (mask.length !== pixels) throw new Error(`A frame has ${mask.length} pixels instead of ${pixels}`);
    packInto(stream, index * pixels, mask);
  });
  return stream;
}

/** Four mask bytes to four bits: the product lines the lowest bits up in the top nibble. */
const GATHER = 0x10204080;
const LOWEST = 0x01010101;

function packInto(stream: Uint8Array, firstBit: number, mask: Uint8Array): void {
  const aligned = mask.byteOffset % 4 === 0 ? mask : mask.slice();
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, (mask.length >> 3) * 2);
  const shift = firstBit & 7;
  let byte = firstBit >> 3;
  for (let word = 0; word < words.length; word += 2) {
    const low = words[word]!;
    const high = words[word + 1]!;
    if ((low | high) !== 0) {
      const bits = (Math.imul(low & LOWEST, GATHER) >>> 28) | ((Math.imul(high & LOWEST, GATHER) >>> 28) << 4);
      stream[byte]! |= bits << shift;
      if (shift !== 0) stream[byte + 1]! |= bits >> (8 - shift);
    }
    byte += 1;
  }
  for (let index = words.length * 4; index < mask.length; index += 1) {
    const bit = firstBit + index;
    if (mask[index] === 1) stream[bit >> 3]! |= 1 << (bit & 7);
  }
}

/** Reads one frame of `pixels` bits that starts at `firstBit`. */
export function unpackFrame(stream: Uint8Array, firstBit: number, pixels: number): Uint8Array {
  const mask = new Uint8Array(pixels);
  const words = new Uint32Array(mask.buffer, 0, pixels >> 2);
  const shift = firstBit & 7;
  let byte = firstBit >> 3;
  const whole = pixels >> 3;
  for (let index = 0; index < whole; index += 1) {
    let bits = stream[byte]!;
    if (shift !== 0) bits = ((bits >> shift) | (stream[byte + 1]! << (8 - shift))) & 255;
    if (bits !== 0) {
      words[2 * index] = SPREAD[bits & 15]!;
      words[2 * index + 1] = SPREAD[bits >> 4]!;
    }
    byte += 1;
  }
  for (let index = whole * 8; index < pixels; index += 1) {
    const bit = firstBit + index;
    mask[index] = (stream[bit >> 3]! >> (bit & 7)) & 1;
  }
  return mask;
}

/** Four bits to four mask bytes, in the byte order of the machine (little-endian wherever JavaScript runs today). */
const SPREAD = Uint32Array.from({ length: 16 }, (_, bits) => {
  let word = 0;
  for (let bit = 0; bit < 4; bit += 1) if ((bits >> bit) & 1) word |= 1 << (8 * bit);
  return word;
});

/** Whether any of the bits from `from` (included) to `to` (excluded) is set. */
export function anyBitSet(stream: Uint8Array, from: number, to: number): boolean {
  for (let bit = from; bit < to; bit += 1) if ((stream[bit >> 3]! >> (bit & 7)) & 1) return true;
  return false;
}
