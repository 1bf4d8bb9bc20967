/** A Huffman code by length (T.81 F.2.2.3). */
export interface HuffmanTable {
  /** Of the codes of length i: the smallest, one more than the largest, and where their symbols begin. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** @param counts number of codes of 1 to 16 bits. `undefined`: more codes than fit. */
export function huffmanTable(counts: ArrayLike<number>, symbols: Uint8Array): HuffmanTable | undefined {
  const [first, end, offset] = [new Int32Array(17), new Int32Array(17), new Int32Array(17)];
  let [code, at] = [0, 0];
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) return undefined;
    first[length] = code;
    end[length] = code + count;
    offset[length] = at;
    at += count;
    code = (code + count) << 1;
  }
  return { first, end, offset, symbols };
}

/** Thrown inside this folder only, where the bits do not make sense. */
export class DamagedScan extends Error {}

/** Bits of entropy-coded data, stuffed zeros taken out (T.81 F.2.2.5). */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #buffer = 0;
  #left = 0;

  constructor(bytes: Uint8Array, from: number, end: number) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  bit(): number {
    if (this.#left === 0) this.#load();
    this.#left -= 1;
    return (this.#buffer >> this.#left) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value = value * 2 + this.bit();
    return value;
  }

  /** A signed value of `size` bits (T.81 F.2.2.1 EXTEND). */
  signed(size: number): number {
    if (size === 0) return 0;
    const value = this.bits(size);
    return value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
  }

  symbol({ first, end, offset, symbols }: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length += 1) {
      code = (code << 1) | this.bit();
      if (code < end[length]!) return symbols[offset[length]! + code - first[length]!]!;
    }
    throw new DamagedScan('no such Huffman code');
  }

  /** Goes on behind the next restart marker. */
  restart(): void {
    this.#left = 0;
    while (this.#at < this.#end && this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xff) this.#at += 1;
    const marker = this.#bytes[this.#at + 1] ?? 0;
    if (this.#at + 1 >= this.#end || this.#bytes[this.#at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw new DamagedScan('a restart marker is missing');
    }
    this.#at += 2;
  }

  #load(): void {
    if (this.#at >= this.#end) throw new DamagedScan('the scan ends too early');
    this.#buffer = this.#bytes[this.#at]!;
    this.#at += 1;
    if (this.#buffer === 0xff) {
      if (this.#bytes[this.#at] !== 0) throw new DamagedScan('a marker stands inside the scan');
      this.#at += 1;
    }
    this.#left = 8;
  }
}
