import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { type TextOf, textDecoderOf } from './characterSet.ts';
import { dictionaryVr, isPrivate } from './dictionary.ts';
import type { RawDataset, RawElement } from './elements.ts';

export interface JsonOptions {
  /** Binary values of up to so many bytes are put in as InlineBinary. */
  readonly inlineBytes: number;
  /** Address of a larger one, from its path of tags and item numbers ('00282000', '00880200.0.00282000'). */
  readonly bulkDataURI?: (path: string) => string;
}

interface Context extends JsonOptions {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly textOf: TextOf;
  readonly signedPixels: boolean;
  readonly path: string;
}

const PIXELS = new Set(['7FE00008', '7FE00009', '7FE00010']);

/** Raw elements to the DICOM JSON Model (PS3.18 F.2); pixel data is left out, as is file meta and group length. */
export function datasetJson(raw: RawDataset, bytes: Uint8Array, options: JsonOptions): DicomDataset {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return convert(raw, { ...options, bytes, view, textOf: textDecoderOf([]), signedPixels: false, path: '' });
}

function convert(raw: RawDataset, outer: Context): DicomDataset {
  const characterSet = raw.get('00080005');
  const context: Context = {
    ...outer,
    textOf: characterSet === undefined ? outer.textOf : textDecoderOf(strings(characterSet, outer)),
    signedPixels: pixelRepresentation(raw, outer) ?? outer.signedPixels,
  };
  const out: Record<string, DicomElement> = {};
  for (const element of [...raw.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1))) {
    if (element.tag.startsWith('0002') || element.tag.endsWith('0000') || PIXELS.has(element.tag)) continue;
    // JSON text is UTF-8 whatever the file was written in (PS3.18 F.2.1).
    if (element.tag === '00080005') out[element.tag] = { vr: 'CS', Value: ['ISO_IR 192'] };
    else out[element.tag] = convertElement(element, context);
  }
  return out;
}

function pixelRepresentation(raw: RawDataset, { view }: Context): boolean | undefined {
  const element = raw.get('00280103');
  return element?.length === 2 ? view.getUint16(element.offset, element.littleEndian) === 1 : undefined;
}

function convertElement(element: RawElement, context: Context): DicomElement {
  const vr = settledVr(element, context);
  if (element.items !== undefined) {
    if (element.items.length === 0) return { vr: 'SQ' };
    const path = `${context.path}${element.tag}.`;
    return {
      vr: 'SQ',
      Value: element.items.map((item, index) => convert(item, { ...context, path: `${path}${index}.` })),
    };
  }
  if (element.length === 0) return { vr };
  const width = NUMERIC[vr]?.bytes;
  if (vr === 'AT') return { vr, Value: attributeTags(element, context) };
  if (width !== undefined) return { vr, Value: numeric(vr, element, context) };
  if (BINARY_WIDTH[vr] !== undefined) return binary(vr, element, context);
  if (vr === 'PN') return { vr, Value: strings(element, context).map(personName) };
  if (vr === 'DS' || vr === 'IS') return { vr, Value: strings(element, context).map(decimal) };
  if (UNDIVIDED.has(vr)) {
    const text = context.textOf(valueBytes(element, context)).replace(/[\s\0]+$/, '');
    return text === '' ? { vr } : { vr, Value: [text] };
  }
  const values = strings(element, context);
  return values.every((value) => value === '') ? { vr } : { vr, Value: values.map((value) => value || null) };
}

/** Settles "US or SS", and reads UN of a standard element as what the dictionary says it is (PS3.5 6.2.2). */
function settledVr({ vr, tag, length }: RawElement, { signedPixels }: Context): string {
  const known = vr === 'UN' && !isPrivate(tag) && length < 0x10000 ? dictionaryVr(tag) : vr;
  return known === 'xs' ? (signedPixels ? 'SS' : 'US') : known;
}

/** Text that may hold backslashes. */
const UNDIVIDED = new Set(['LT', 'ST', 'UT', 'UR']);
const BINARY_WIDTH: Readonly<Record<string, number>> = { OB: 1, OD: 8, OF: 4, OL: 4, OV: 8, OW: 2, UN: 1 };

interface NumericVr {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number | string;
}
const bigInteger = (value: bigint): number | string => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};
const NUMERIC: Readonly<Record<string, NumericVr>> = {
  US: { bytes: 2, read: (view, at, le) => view.getUint16(at, le) },
  SS: { bytes: 2, read: (view, at, le) => view.getInt16(at, le) },
  UL: { bytes: 4, read: (view, at, le) => view.getUint32(at, le) },
  SL: { bytes: 4, read: (view, at, le) => view.getInt32(at, le) },
  FL: { bytes: 4, read: (view, at, le) => view.getFloat32(at, le) },
  FD: { bytes: 8, read: (view, at, le) => view.getFloat64(at, le) },
  SV: { bytes: 8, read: (view, at, le) => bigInteger(view.getBigInt64(at, le)) },
  UV: { bytes: 8, read: (view, at, le) => bigInteger(view.getBigUint64(at, le)) },
};

function numeric(vr: string, element: RawElement, { view }: Context): (number | string)[] {
  const { bytes, read } = NUMERIC[vr]!;
  return Array.from({ length: Math.floor(element.length / bytes) }, (_, index) =>
    read(view, element.offset + index * bytes, element.littleEndian),
  );
}

function attributeTags(element: RawElement, { view }: Context): string[] {
  return Array.from({ length: Math.floor(element.length / 4) }, (_, index) => {
    const at = element.offset + index * 4;
    const [group, number] = [view.getUint16(at, element.littleEndian), view.getUint16(at + 2, element.littleEndian)];
    return (group * 0x10000 + number).toString(16).toUpperCase().padStart(8, '0');
  });
}

const valueBytes = ({ offset, length }: RawElement, { bytes }: Context): Uint8Array =>
  bytes.subarray(offset, offset + length);

const strings = (element: RawElement, context: Context): string[] =>
  context
    .textOf(valueBytes(element, context))
    .split('\\')
    .map((value) => value.replace(/^[\s\0]+|[\s\0]+$/g, ''));

function personName(value: string): Record<string, string> | null {
  const [alphabetic, ideographic, phonetic] = value.split('=');
  const groups = {
    ...(alphabetic ? { Alphabetic: alphabetic } : {}),
    ...(ideographic ? { Ideographic: ideographic } : {}),
    ...(phonetic ? { Phonetic: phonetic } : {}),
  };
  return Object.keys(groups).length === 0 ? null : groups;
}

/**
 * DS and IS as JSON numbers where the number says what the text says; otherwise the text (PS3.18 F.2.3 allows both), so that
 * '99.0' or 17 digits are repeated as they are in an object derived from this one.
 */
function decimal(value: string): number | string | null {
  if (value === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) && String(parsed) === value ? parsed : value;
}

function binary(vr: string, element: RawElement, context: Context): DicomElement {
  if (element.length > context.inlineBytes) {
    return { vr, ...(context.bulkDataURI && { BulkDataURI: context.bulkDataURI(context.path + element.tag) }) };
  }
  return { vr, InlineBinary: base64(littleEndianBytes(valueBytes(element, context), vr, element.littleEndian)) };
}

/** Binary values travel little endian in JSON and as bulk data (PS3.18 F.2.7). */
export function littleEndianBytes(bytes: Uint8Array, vr: string, littleEndian: boolean): Uint8Array {
  const width = BINARY_WIDTH[vr] ?? 1;
  if (littleEndian || width === 1) return bytes;
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) out[at] = bytes[at - (at % width) + (width - 1 - (at % width))] ?? 0;
  return out;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
