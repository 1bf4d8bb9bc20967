import { type HuffmanTable, huffmanTable } from './huffman.ts';

/** Frame header of a JPEG with one component (T.81 B.2.2). */
export interface JpegFrame {
  readonly progressive: boolean;
  /** Bits of a sample: 8 or 12. */
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly quantizationTable: number;
}

/** One scan with the tables that were in force when it began (T.81 B.2.3). */
export interface JpegScan {
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximationHigh: number;
  readonly approximationLow: number;
  /** Blocks between restart markers; 0: none. */
  readonly restartInterval: number;
  /** Where the entropy-coded bytes lie. */
  readonly from: number;
  readonly to: number;
}

export interface JpegStructure {
  readonly frame: JpegFrame;
  readonly scans: readonly JpegScan[];
  /** 64 divisors in zigzag order, by table number. */
  readonly quantization: ReadonlyMap<number, Uint16Array>;
}

const SOF_SEQUENTIAL = [0xc0, 0xc1];
const SOF_PROGRESSIVE = 0xc2;
const [DHT, SOI, EOI, SOS, DQT, DRI] = [0xc4, 0xd8, 0xd9, 0xda, 0xdb, 0xdd];

/**
 * Walks the marker segments of a grey-scale JPEG coded by DCT and Huffman (T.81 Annex B: baseline, extended, progressive).
 * `undefined`: another process, several components, or damaged.
 */
export function jpegStructure(bytes: Uint8Array): JpegStructure | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const quantization = new Map<number, Uint16Array>();
  const huffman = new Map<number, HuffmanTable>();
  const scans: JpegScan[] = [];
  let frame: JpegFrame | undefined;
  let restartInterval = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    at += marker === 0xff ? 1 : 2;
    if (marker === SOI || marker === 0xff) continue;
    if (marker === EOI) break;
    if (at + 2 > bytes.length) return undefined;
    const end = at + view.getUint16(at);
    const segment = bytes.subarray(at + 2, end);
    if (end > bytes.length || end < at + 2) return undefined;
    at = end;
    if (SOF_SEQUENTIAL.includes(marker) || marker === SOF_PROGRESSIVE) {
      frame = frameOf(segment, marker === SOF_PROGRESSIVE);
      if (frame === undefined) return undefined;
    } else if (marker > 0xc0 && marker < 0xd0 && marker !== DHT && marker !== 0xc8 && marker !== 0xcc) {
      return undefined;
    } else if (marker === DQT) {
      if (!readQuantization(segment, quantization)) return undefined;
    } else if (marker === DHT) {
      if (!readHuffman(segment, huffman)) return undefined;
    } else if (marker === DRI) {
      if (segment.length < 2) return undefined;
      restartInterval = segment[0]! * 256 + segment[1]!;
    } else if (marker === SOS) {
      const to = endOfEntropy(bytes, at);
      if (segment.length < 6 || segment[0] !== 1 || frame === undefined) return undefined;
      scans.push({ ...scanOf(segment, huffman), restartInterval, from: at, to });
      at = to;
    }
  }
  return frame === undefined || scans.length === 0 ? undefined : { frame, scans, quantization };
}

function frameOf(segment: Uint8Array, progressive: boolean): JpegFrame | undefined {
  const [precision = 0, rowsHigh = 0, rowsLow = 0, columnsHigh = 0, columnsLow = 0, components = 0] = segment;
  const [rows, columns] = [rowsHigh * 256 + rowsLow, columnsHigh * 256 + columnsLow];
  if (segment.length < 9 || components !== 1 || (precision !== 8 && precision !== 12)) return undefined;
  if (rows === 0 || columns === 0) return undefined;
  return { progressive, precision, rows, columns, quantizationTable: segment[8]! };
}

function scanOf(segment: Uint8Array, huffman: ReadonlyMap<number, HuffmanTable>) {
  const [, , tables = 0, spectralStart = 0, spectralEnd = 0, approximation = 0] = segment;
  return {
    dc: huffman.get(tables >> 4),
    ac: huffman.get(0x10 + (tables & 15)),
    spectralStart,
    spectralEnd,
    approximationHigh: approximation >> 4,
    approximationLow: approximation & 15,
  };
}

/** DQT (T.81 B.2.4.1): several tables may follow each other. */
function readQuantization(segment: Uint8Array, into: Map<number, Uint16Array>): boolean {
  for (let at = 0; at < segment.length; ) {
    const head = segment[at]!;
    const wide = head >> 4 === 1;
    at += 1;
    if (at + (wide ? 128 : 64) > segment.length) return false;
    const values = new Uint16Array(64);
    for (let index = 0; index < 64; index += 1) {
      values[index] = wide ? segment[at + index * 2]! * 256 + segment[at + index * 2 + 1]! : segment[at + index]!;
    }
    into.set(head & 15, values);
    at += wide ? 128 : 64;
  }
  return true;
}

/** DHT (T.81 B.2.4.2), by class (DC 0x00, AC 0x10) plus number. */
function readHuffman(segment: Uint8Array, into: Map<number, HuffmanTable>): boolean {
  for (let at = 0; at < segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (at + 17 + total > segment.length) return false;
    const table = huffmanTable(counts, segment.subarray(at + 17, at + 17 + total));
    if (table === undefined) return false;
    into.set(segment[at]!, table);
    at += 17 + total;
  }
  return true;
}

/** Entropy-coded bytes end at a marker that is neither a stuffed zero nor a restart. */
function endOfEntropy(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return at;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
