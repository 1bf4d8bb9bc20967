/**
 * Weights travel as IEEE 754 binary16 and are used as binary32: half the download, and no Cast in the graph. Widening is
 * exact, so it is a table of the 65,536 possible values.
 */
let bitsOfHalf: Uint32Array | undefined;

/**
 * Widens little-endian fp16 values, each exactly (subnormals, signed zeros, infinities and NaN payloads included).
 *
 * @param bytes two bytes a value
 * @returns as many float32 values, in the same order
 */
export function expandFloat16(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  bitsOfHalf ??= Uint32Array.from({ length: 65536 }, (_, half) => widen(half));
  const count = bytes.byteLength >> 1;
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  const bits = new Uint32Array(count);
  for (let index = 0; index < count; index++) bits[index] = bitsOfHalf[halves[index]!]!;
  return new Float32Array(bits.buffer);
}

/** Bits of the float32 that equals the float16 with the given bits (IEEE 754-2019, 3.6). */
function widen(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  if (fraction === 0) return sign >>> 0;
  // A subnormal half is a normal float32: shift the leading one into the implicit place.
  const shift = Math.clz32(fraction) - 21;
  return (sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)) >>> 0;
}
