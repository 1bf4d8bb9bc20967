import { dictionaryVr } from './dictionary.ts';

/** One element where it lies in the file; offsets are bytes from the start of the buffer. */
export interface RawElement {
  readonly tag: string;
  readonly vr: string;
  readonly offset: number;
  /** Bytes of the value; 0 for sequences and encapsulated pixel data, whose parts follow. */
  readonly length: number;
  readonly items?: readonly RawDataset[];
  /** Of encapsulated pixel data: the basic offset table first, then the fragments. */
  readonly fragments?: readonly ByteRange[];
  /** Byte order of the value: inside UN it is always little endian (PS3.5 6.2.2 note 2). */
  readonly littleEndian: boolean;
}
export type RawDataset = ReadonlyMap<string, RawElement>;

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Thrown inside this folder only, when the bytes contradict the syntax; {@link parsePart10} turns it into an AppError. */
export class MalformedBytes extends Error {
  readonly code: 'truncated' | 'malformed-element';
  constructor(code: 'truncated' | 'malformed-element', message: string) {
    super(message);
    this.code = code;
  }
}

interface ReadOptions {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  /** Pixel data is located by its header alone: its bytes need not be there. */
  readonly headerOnly?: boolean;
}

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 'FFFEE000';
const ITEM_END = 'FFFEE00D';
const SEQUENCE_END = 'FFFEE0DD';
const MAX_DEPTH = 32;
const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const SHORT_FORM = new Set('AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
const PIXELS = new Set(['7FE00008', '7FE00009', '7FE00010']);

export const isKnownVr = (vr: string): boolean => LONG_FORM.has(vr) || SHORT_FORM.has(vr);

/** Reads the elements of a data set (PS3.5 section 7) without copying or interpreting any value. */
export class ElementReader {
  readonly #view: DataView;
  readonly #size: number;
  #explicitVr: boolean;
  #littleEndian: boolean;
  readonly #headerOnly: boolean;
  position: number;

  constructor(bytes: Uint8Array, position: number, options: ReadOptions) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#size = bytes.byteLength;
    this.#explicitVr = options.explicitVr;
    this.#littleEndian = options.littleEndian;
    this.#headerOnly = options.headerOnly ?? false;
    this.position = position;
  }

  /** @param stopAtGroup stop in front of the first element of this group or a later one */
  readDataset(end = this.#size, stopAtGroup = 0x10000, depth = 0): RawDataset {
    if (depth > MAX_DEPTH)
      throw new MalformedBytes('malformed-element', `sequences are nested more than ${MAX_DEPTH} deep`);
    const elements = new Map<string, RawElement>();
    while (this.position < end) {
      if (end - this.position < 8) {
        if (depth === 0 && this.#onlyZeros(end)) break;
        throw new MalformedBytes('truncated', 'the file ends in the middle of an element');
      }
      if (this.#view.getUint16(this.position, this.#littleEndian) >= stopAtGroup) break;
      const tag = this.#readTag();
      if (tag === ITEM_END || tag === SEQUENCE_END) {
        this.position += 4;
        if (depth > 0) break;
        continue;
      }
      // Trailing padding of zeros after the last element is no element.
      if (tag === '00000000' && depth === 0 && this.#onlyZeros(end)) break;
      const element = this.#readElement(tag, end, depth);
      elements.set(tag, element);
      if (this.#headerOnly && depth === 0 && PIXELS.has(tag)) break;
    }
    return elements;
  }

  #readElement(tag: string, end: number, depth: number): RawElement {
    const { vr, length } = this.#readHeader(tag, end);
    const offset = this.position;
    const littleEndian = this.#littleEndian;
    if (PIXELS.has(tag) && length === UNDEFINED_LENGTH) {
      const fragments = this.#headerOnly && depth === 0 ? [] : this.#readFragments(end);
      return { tag, vr, offset, length: 0, fragments, littleEndian };
    }
    if (this.#headerOnly && depth === 0 && PIXELS.has(tag)) return { tag, vr, offset, length, littleEndian };
    if (length !== UNDEFINED_LENGTH && offset + length > end) {
      throw new MalformedBytes('truncated', `element ${tag} says ${length} bytes, ${end - offset} are there`);
    }
    if (vr === 'SQ' || length === UNDEFINED_LENGTH || (vr === 'UN' && dictionaryVr(tag) === 'SQ')) {
      return { tag, vr: 'SQ', offset, length: 0, items: this.#readItems(vr, length, end, depth), littleEndian };
    }
    this.position = offset + length;
    return { tag, vr, offset, length, littleEndian };
  }

  #readHeader(tag: string, end: number): { vr: string; length: number } {
    const vr = String.fromCharCode(this.#view.getUint8(this.position), this.#view.getUint8(this.position + 1));
    // Some writers drop implicit elements into explicit data sets: no letters where the VR belongs.
    if (!this.#explicitVr || !/^[A-Z]{2}$/.test(vr)) {
      const length = this.#readLength();
      return { vr: dictionaryVr(tag), length };
    }
    const reserved = this.#view.getUint16(this.position + 2, this.#littleEndian);
    const long = LONG_FORM.has(vr) || (!SHORT_FORM.has(vr) && reserved === 0);
    this.position += 4;
    if (!long) return { vr: SHORT_FORM.has(vr) ? vr : 'UN', length: reserved };
    if (this.position + 4 > end) throw new MalformedBytes('truncated', `the file ends in the header of element ${tag}`);
    return { vr: LONG_FORM.has(vr) ? vr : 'UN', length: this.#readLength() };
  }

  /** Items of a sequence; those inside UN are implicit VR little endian whatever the data set is. */
  #readItems(vr: string, length: number, end: number, depth: number): RawDataset[] {
    const outer = [this.#explicitVr, this.#littleEndian] as const;
    if (vr === 'UN' && this.#explicitVr) [this.#explicitVr, this.#littleEndian] = [false, true];
    const items: RawDataset[] = [];
    const stop = length === UNDEFINED_LENGTH ? end : this.position + length;
    while (this.position < stop) {
      this.#need(8, stop);
      const tag = this.#readTag();
      const itemLength = this.#readLength();
      if (tag === SEQUENCE_END) break;
      if (tag !== ITEM) throw new MalformedBytes('malformed-element', `a sequence holds ${tag} where an item belongs`);
      const itemEnd = itemLength === UNDEFINED_LENGTH ? stop : this.position + itemLength;
      if (itemEnd > stop) throw new MalformedBytes('truncated', 'a sequence item is longer than its sequence');
      items.push(this.readDataset(itemEnd, undefined, depth + 1));
      if (itemLength !== UNDEFINED_LENGTH) this.position = itemEnd;
    }
    [this.#explicitVr, this.#littleEndian] = outer;
    return items;
  }

  #readFragments(end: number): ByteRange[] {
    const fragments: ByteRange[] = [];
    for (;;) {
      this.#need(8, end);
      const tag = this.#readTag();
      const length = this.#readLength();
      if (tag === SEQUENCE_END) return fragments;
      if (tag !== ITEM)
        throw new MalformedBytes('malformed-element', `pixel data holds ${tag} where a fragment belongs`);
      this.#need(length, end);
      fragments.push({ offset: this.position, length });
      this.position += length;
    }
  }

  #readTag(): string {
    const group = this.#view.getUint16(this.position, this.#littleEndian);
    const element = this.#view.getUint16(this.position + 2, this.#littleEndian);
    this.position += 4;
    return (group * 0x10000 + element).toString(16).toUpperCase().padStart(8, '0');
  }

  #readLength(): number {
    const length = this.#view.getUint32(this.position, this.#littleEndian);
    this.position += 4;
    return length;
  }

  #need(bytes: number, end: number): void {
    if (this.position + bytes > end)
      throw new MalformedBytes('truncated', 'the file ends inside a sequence or the pixel data');
  }

  #onlyZeros(end: number): boolean {
    for (let at = this.position; at < end; at += 1) if (this.#view.getUint8(at) !== 0) return false;
    return true;
  }
}
