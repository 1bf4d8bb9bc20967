import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJpeg } from './decodeJpeg.ts';

const segment = (marker: number, ...body: number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 255,
  ...body,
];

/** DC codes of five bits: symbol s is s. AC has one code of one bit: 0 is the end of the block. */
const TABLES = [
  ...segment(0xdb, 0, ...new Array<number>(64).fill(1)),
  ...segment(0xc4, 0x00, 0, 0, 0, 0, 16, ...new Array<number>(11).fill(0), ...Array.from({ length: 16 }, (_, s) => s)),
  ...segment(0xc4, 0x10, 1, ...new Array<number>(15).fill(0), 0),
];

/** A JPEG of flat blocks in a row, each 8 x 8 and of one value. */
function flatBlocks(values: readonly number[], { precision = 12, restart = 0 } = {}): Uint8Array {
  let [bits, before] = ['', 2 ** (precision - 1) * 8];
  const coded: number[] = [];
  const flush = (): void => {
    bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
    for (let at = 0; at < bits.length; at += 8) {
      const byte = Number.parseInt(bits.slice(at, at + 8), 2);
      coded.push(byte, ...(byte === 0xff ? [0] : []));
    }
    bits = '';
  };
  for (const [index, value] of values.entries()) {
    if (restart > 0 && index > 0 && index % restart === 0) {
      flush();
      coded.push(0xff, 0xd0 + ((index / restart - 1) % 8));
      before = 2 ** (precision - 1) * 8;
    }
    const difference = value * 8 - before;
    before = value * 8;
    const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    const code = difference < 0 ? difference + 2 ** size - 1 : difference;
    bits += `${size.toString(2).padStart(5, '0') + (size === 0 ? '' : code.toString(2).padStart(size, '0'))}0`;
  }
  flush();
  const columns = values.length * 8;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...TABLES,
    ...segment(0xc1, precision, 0, 8, columns >> 8, columns & 255, 1, 1, 0x11, 0),
    ...(restart > 0 ? segment(0xdd, 0, restart) : []),
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
    ...coded,
    ...[0xff, 0xd9],
  ]);
}

const firsts = (bytes: Uint8Array, count: number) => {
  const image = decodeJpeg(bytes);
  return image && Array.from({ length: count }, (_, block) => image.values[block * 8]);
};

describe('JPEG in grey', () => {
  it('keeps all twelve bits', () => {
    const values = [0, 1, 2047, 2048, 2049, 3001, 4095];
    expect(firsts(flatBlocks(values), 7)).toEqual(values);
    expect(decodeJpeg(flatBlocks(values))?.precision).toBe(12);
  });

  it('starts anew at restart markers', () => {
    const values = [5, 4000, 17, 2048, 255, 256];
    expect(firsts(flatBlocks(values, { restart: 2 }), 6)).toEqual(values);
  });

  it('reads eight bits as well', () => {
    expect(firsts(flatBlocks([0, 127, 255], { precision: 8 }), 3)).toEqual([0, 127, 255]);
  });

  it('gives nothing at all where the code stream ends too early', () => {
    const whole = flatBlocks([1, 3000, 50, 4000, 9, 2000]);
    for (let cut = 3; cut < 12; cut += 1) expect(decodeJpeg(whole.subarray(0, whole.length - cut))).toBeUndefined();
  });

  it('does not take colour for grey', () => {
    const bytes = [...flatBlocks([1])];
    const frame = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xc1);
    const three = segment(0xc1, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0);
    bytes.splice(frame, 13, ...three);
    expect(decodeJpeg(Uint8Array.from(bytes))).toBeUndefined();
  });

  it('decodes or declines any damaged code stream, and never throws', () => {
    const whole = flatBlocks([1, 3000, 50, 4000, 9, 2000], { restart: 2 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const damaged = whole.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        const image = decodeJpeg(damaged);
        expect(image === undefined || image.values.length === image.rows * image.columns).toBe(true);
      }),
    );
  });
});
