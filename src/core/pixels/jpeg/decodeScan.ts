import { BitReader, DamagedScan, type HuffmanTable } from './huffman.ts';
import type { JpegScan } from './jpegStructure.ts';

/** Coefficients of every block: blocks in rows, 64 each in zigzag order, not yet multiplied by the quantization table. */
export type Coefficients = Int32Array;

/**
 * Adds one scan to the coefficients: a whole sequential image, or one step of a progressive one (T.81 F.2.2, G.1.2).
 * @throws DamagedScan where the bits do not make sense or end too early
 */
export function decodeScan(bytes: Uint8Array, scan: JpegScan, progressive: boolean, into: Coefficients): void {
  const bits = new BitReader(bytes, scan.from, scan.to);
  const { spectralStart: start, spectralEnd: end } = scan;
  if (start > end || end > 63 || (progressive && start === 0 && end !== 0)) throw new DamagedScan('impossible scan');
  const decode = progressive ? progressiveBlock(scan, bits) : sequentialBlock(scan, bits);
  const blocks = into.length / 64;
  for (let block = 0; block < blocks; block += 1) {
    if (scan.restartInterval > 0 && block > 0 && block % scan.restartInterval === 0) {
      bits.restart();
      decode.restart();
    }
    decode.block(into, block * 64);
  }
}

interface BlockDecoder {
  restart(): void;
  block(into: Coefficients, at: number): void;
}

const needed = (table: HuffmanTable | undefined): HuffmanTable => {
  if (table === undefined) throw new DamagedScan('a Huffman table is missing');
  return table;
};

const sizeOf = (symbol: number): number => {
  if (symbol > 15) throw new DamagedScan('a difference is too large');
  return symbol;
};

function sequentialBlock(scan: JpegScan, bits: BitReader): BlockDecoder {
  const [dc, ac] = [needed(scan.dc), needed(scan.ac)];
  let predicted = 0;
  return {
    restart: () => {
      predicted = 0;
    },
    block(into, at) {
      predicted += bits.signed(sizeOf(bits.symbol(dc)));
      into[at] = predicted;
      for (let k = 1; k < 64; k += 1) {
        const symbol = bits.symbol(ac);
        const [run, size] = [symbol >> 4, symbol & 15];
        if (size === 0) {
          if (run !== 15) return;
          k += 15;
          continue;
        }
        k += run;
        if (k > 63) throw new DamagedScan('a block has too many coefficients');
        into[at + k] = bits.signed(size);
      }
    },
  };
}

function progressiveBlock(scan: JpegScan, bits: BitReader): BlockDecoder {
  const { spectralStart, spectralEnd, approximationHigh, approximationLow } = scan;
  const unit = 2 ** approximationLow;
  if (spectralStart === 0) return approximationHigh === 0 ? dcFirst(needed(scan.dc), bits, unit) : dcRefine(bits, unit);
  const ac = needed(scan.ac);
  return approximationHigh === 0
    ? acFirst(ac, bits, unit, spectralStart, spectralEnd)
    : acRefine(ac, bits, unit, spectralStart, spectralEnd);
}

function dcFirst(dc: HuffmanTable, bits: BitReader, unit: number): BlockDecoder {
  let predicted = 0;
  return {
    restart: () => {
      predicted = 0;
    },
    block(into, at) {
      predicted += bits.signed(sizeOf(bits.symbol(dc)));
      into[at] = predicted * unit;
    },
  };
}

const dcRefine = (bits: BitReader, unit: number): BlockDecoder => ({
  restart: () => undefined,
  block(into, at) {
    if (bits.bit() === 1) into[at]! |= unit;
  },
});

function acFirst(ac: HuffmanTable, bits: BitReader, unit: number, start: number, end: number): BlockDecoder {
  let emptyBlocks = 0;
  return {
    restart: () => {
      emptyBlocks = 0;
    },
    block(into, at) {
      if (emptyBlocks > 0) {
        emptyBlocks -= 1;
        return;
      }
      for (let k = start; k <= end; k += 1) {
        const symbol = bits.symbol(ac);
        const [run, size] = [symbol >> 4, symbol & 15];
        if (size === 0 && run < 15) {
          emptyBlocks = 2 ** run - 1 + bits.bits(run);
          return;
        }
        k += run;
        if (size === 0) continue;
        if (k > end) throw new DamagedScan('a block has too many coefficients');
        into[at + k] = bits.signed(size) * unit;
      }
    },
  };
}

/** Figure G.7: one more bit of the coefficients that are not zero yet, and the first bit of some that are. */
function acRefine(ac: HuffmanTable, bits: BitReader, unit: number, start: number, end: number): BlockDecoder {
  let emptyBlocks = 0;
  const correct = (into: Coefficients, index: number): void => {
    const value = into[index]!;
    if (bits.bit() === 1 && (Math.abs(value) & unit) === 0) into[index] = value + (value > 0 ? unit : -unit);
  };
  return {
    restart: () => {
      emptyBlocks = 0;
    },
    block(into, at) {
      let k = start;
      while (emptyBlocks === 0 && k <= end) {
        const symbol = bits.symbol(ac);
        const size = symbol & 15;
        let run = symbol >> 4;
        if (size > 1) throw new DamagedScan('a correction is too large');
        if (size === 0 && run < 15) {
          emptyBlocks = 2 ** run + bits.bits(run);
          break;
        }
        const value = size === 0 ? 0 : bits.bit() === 1 ? unit : -unit;
        for (; k <= end; k += 1) {
          if (into[at + k] !== 0) correct(into, at + k);
          else if (run > 0) run -= 1;
          else break;
        }
        if (k <= end && value !== 0) into[at + k] = value;
        k += 1;
      }
      if (emptyBlocks === 0) return;
      for (; k <= end; k += 1) if (into[at + k] !== 0) correct(into, at + k);
      emptyBlocks -= 1;
    },
  };
}
