import { type Coefficients, decodeScan } from './decodeScan.ts';
import { DamagedScan } from './huffman.ts';
import { type JpegFrame, jpegStructure } from './jpegStructure.ts';

/** Stored values of a decoded JPEG: values[row * columns + column]. */
export interface JpegImage {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a sample: 8 or 12. */
  readonly precision: number;
  readonly values: Uint16Array;
}

/**
 * Decodes a grey-scale JPEG of 8 or 12 bits: baseline, extended sequential (DICOM processes 2 and 4) and progressive (processes
 * 6, 8, 10 and 12), ITU-T T.81. Here because the decoders that come with Cornerstone compute 12 bits in 8. The inverse DCT is
 * computed in floating point (T.81 A.3.3).
 * @returns `undefined` for a damaged or incomplete code stream, another process, or several components
 */
export function decodeJpeg(bytes: Uint8Array): JpegImage | undefined {
  const structure = jpegStructure(bytes);
  const divisors = structure?.quantization.get(structure.frame.quantizationTable);
  if (structure === undefined || divisors === undefined) return undefined;
  const { frame, scans } = structure;
  const blocks = Math.ceil(frame.rows / 8) * Math.ceil(frame.columns / 8);
  // At the very least a bit for each block: a header that promises more is not believed.
  if (blocks > bytes.length * 8 && !frame.progressive) return undefined;
  if (blocks * 64 > MAX_SAMPLES) return undefined;
  const coefficients = new Int32Array(blocks * 64);
  try {
    for (const scan of scans) decodeScan(bytes, scan, frame.progressive, coefficients);
  } catch (thrown) {
    if (thrown instanceof DamagedScan) return undefined;
    throw thrown;
  }
  return {
    rows: frame.rows,
    columns: frame.columns,
    precision: frame.precision,
    values: samples(coefficients, divisors, frame),
  };
}

const MAX_SAMPLES = 2 ** 28;

/** Zigzag position to row * 8 + column (T.81 Figure A.6). */
const NATURAL = naturalOrder();
/** BASIS[x * 8 + u]: what frequency u adds at place x. */
const BASIS = Float64Array.from({ length: 64 }, (_, index) => {
  const [x, u] = [index >> 3, index & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

function samples(
  coefficients: Coefficients,
  divisors: Uint16Array,
  { rows, columns, precision }: JpegFrame,
): Uint16Array {
  const out = new Uint16Array(rows * columns);
  const across = Math.ceil(columns / 8);
  const [middle, highest] = [2 ** (precision - 1), 2 ** precision - 1];
  const [block, half] = [new Float64Array(64), new Float64Array(64)];
  for (let index = 0; index * 64 < coefficients.length; index += 1) {
    block.fill(0);
    for (let k = 0; k < 64; k += 1) block[NATURAL[k]!] = coefficients[index * 64 + k]! * divisors[k]!;
    inverseRows(block, half);
    const [top, left] = [Math.floor(index / across) * 8, (index % across) * 8];
    for (let y = 0; y < 8 && top + y < rows; y += 1) {
      for (let x = 0; x < 8 && left + x < columns; x += 1) {
        let sum = middle;
        for (let v = 0; v < 8; v += 1) sum += BASIS[y * 8 + v]! * half[v * 8 + x]!;
        out[(top + y) * columns + left + x] = Math.min(Math.max(Math.round(sum), 0), highest);
      }
    }
  }
  return out;
}

/** Rows of frequencies to rows of places; columns stay frequencies. */
function inverseRows(block: Float64Array, into: Float64Array): void {
  for (let v = 0; v < 8; v += 1) {
    for (let x = 0; x < 8; x += 1) {
      let sum = 0;
      for (let u = 0; u < 8; u += 1) sum += BASIS[x * 8 + u]! * block[v * 8 + u]!;
      into[v * 8 + x] = sum;
    }
  }
}

function naturalOrder(): Uint8Array {
  const order: number[] = [];
  for (let diagonal = 0; diagonal < 15; diagonal += 1) {
    const places = Array.from({ length: 8 }, (_, row) => [row, diagonal - row] as const).filter(
      ([, column]) => column >= 0 && column < 8,
    );
    if (diagonal % 2 === 0) places.reverse();
    for (const [row, column] of places) order.push(row * 8 + column);
  }
  return Uint8Array.from(order);
}
