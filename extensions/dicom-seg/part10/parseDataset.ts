import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { texts } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type ByteReader, Malformed } from './byteReader.ts';
import { type TextReader, textReader } from './characterSet.ts';
import { elementOf } from './values.ts';

/** Pixel data as the object holds it: one native stream, or fragments. */
export type PixelBytes =
  | { readonly kind: 'native'; readonly vr: string; readonly bytes: Uint8Array }
  | { readonly kind: 'encapsulated'; readonly offsets: readonly number[]; readonly fragments: readonly Fragment[] };

export interface Fragment {
  /** From the first fragment's item tag, as in the Basic Offset Table. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface ParsedDataset {
  readonly dataset: DicomDataset;
  readonly pixels: PixelBytes | undefined;
}

export interface Encoding {
  readonly explicit: boolean;
  /** VR of a standard tag, for implicit encoding. */
  readonly vrOf: (tag: string) => string;
}

const UNDEFINED = 0xffffffff;
const ITEM = 'FFFEE000';
const ITEM_END = 'FFFEE00D';
const SEQUENCE_END = 'FFFEE0DD';
const LONG_LENGTH = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
/** Deeper than any IOD, shallower than the stack. */
const DEEPEST = 32;

/** Reads a data set (PS3.5 7) to the end of the reader, or to an item delimiter. */
export function parseDataset(
  reader: ByteReader,
  encoding: Encoding,
  inheritedText: TextReader = textReader([]),
  depth = 0,
): ParsedDataset {
  if (depth > DEEPEST) throw new Malformed('sequences are nested too deeply');
  const dataset: Record<string, DicomElement> = {};
  let pixels: PixelBytes | undefined;
  let textOf = inheritedText;
  while (!reader.done) {
    const tag = readTag(reader);
    if (tag === ITEM_END) {
      reader.uint32();
      break;
    }
    const { vr, length } = readHead(reader, tag, encoding);
    if (tag === Tag.PixelData && depth === 0) {
      pixels = length === UNDEFINED ? readFragments(reader) : { kind: 'native', vr, bytes: reader.take(length) };
    } else if (vr === 'SQ' || length === UNDEFINED) {
      // An undefined length of a UN element is a sequence in implicit encoding (PS3.5 6.2.2 note 4).
      const inner = vr === 'UN' ? { ...encoding, explicit: false } : encoding;
      dataset[tag] = { vr: 'SQ', Value: readItems(reader, length, inner, textOf, depth) };
    } else {
      dataset[tag] = elementOf(vr, reader.take(length), reader.little, textOf);
      if (tag === Tag.SpecificCharacterSet) textOf = textReader(texts(dataset, tag));
    }
  }
  return { dataset, pixels };
}

function readTag(reader: ByteReader): string {
  const group = reader.uint16();
  const element = reader.uint16();
  return (group * 65536 + element).toString(16).toUpperCase().padStart(8, '0');
}

function readHead(reader: ByteReader, tag: string, { explicit, vrOf }: Encoding): { vr: string; length: number } {
  if (!explicit) return { vr: vrOf(tag), length: reader.uint32() };
  const vr = reader.ascii(2);
  if (!/^[A-Z]{2}$/.test(vr)) throw new Malformed(`element ${tag} has no value representation`);
  if (!LONG_LENGTH.has(vr)) return { vr, length: reader.uint16() };
  reader.uint16();
  return { vr, length: reader.uint32() };
}

function readItems(
  outer: ByteReader,
  length: number,
  encoding: Encoding,
  textOf: TextReader,
  depth: number,
): readonly DicomDataset[] {
  const reader = length === UNDEFINED ? outer : outer.within(length);
  const found: DicomDataset[] = [];
  while (!reader.done) {
    const tag = readTag(reader);
    const size = reader.uint32();
    if (tag === SEQUENCE_END) break;
    if (tag !== ITEM) throw new Malformed(`a sequence holds ${tag} where an item is expected`);
    const item = size === UNDEFINED ? reader : reader.within(size);
    found.push(parseDataset(item, encoding, textOf, depth + 1).dataset);
  }
  return found;
}

/** Encapsulated pixel data (PS3.5 A.4): the offset table, then fragments to the sequence delimiter. */
function readFragments(reader: ByteReader): PixelBytes {
  if (readTag(reader) !== ITEM) throw new Malformed('encapsulated pixel data has no offset table');
  const table = reader.within(reader.uint32());
  const offsets: number[] = [];
  while (!table.done) offsets.push(table.uint32());
  const first = reader.offset;
  const fragments: Fragment[] = [];
  for (;;) {
    const offset = reader.offset - first;
    const tag = readTag(reader);
    const length = reader.uint32();
    if (tag === SEQUENCE_END) break;
    if (tag !== ITEM) throw new Malformed(`pixel data holds ${tag} where a fragment is expected`);
    fragments.push({ offset, bytes: reader.take(length) });
  }
  return { kind: 'encapsulated', offsets, fragments };
}
