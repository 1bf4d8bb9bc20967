import { describe, expect, it } from 'vitest';
import { expandFloat16 } from './weights.ts';

const bitsOf = (values: Float32Array): number[] => [...new Uint32Array(values.buffer)];
const expand = (...halves: number[]): Float32Array => expandFloat16(new Uint8Array(Uint16Array.from(halves).buffer));

describe('expandFloat16', () => {
  it('is exact on the edge values', () => {
    expect(bitsOf(expand(0x0000, 0x8000))).toEqual([0x00000000, 0x80000000]);
    expect([...expand(0x3c00, 0xc000, 0x7bff, 0x0400)]).toEqual([1, -2, 65504, 2 ** -14]);
    expect([...expand(0x0001, 0x8001, 0x03ff, 0x0200)]).toEqual([2 ** -24, -(2 ** -24), 1023 * 2 ** -24, 2 ** -15]);
    expect([...expand(0x7c00, 0xfc00)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(bitsOf(expand(0x7e00, 0xfe01))).toEqual([0x7fc00000, 0xffc02000]);
  });

  it('equals the definition of binary16 for every finite half', () => {
    const finite = Array.from({ length: 65536 }, (_, half) => half).filter((half) => (half & 0x7c00) !== 0x7c00);
    const widened = expand(...finite);
    const wrong = finite.filter((half, index) => {
      const exponent = (half >> 10) & 0x1f;
      const fraction = half & 0x3ff;
      const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
      return !Object.is(widened[index], half & 0x8000 ? -size : size);
    });
    expect(wrong).toEqual([]);
  });

  it('reads bytes that start at an odd offset of their buffer', () => {
    const bytes = new Uint8Array([0xff, 0x00, 0x3c, 0x00, 0xc0]).subarray(1);
    expect([...expandFloat16(bytes)]).toEqual([1, -2]);
  });
});
