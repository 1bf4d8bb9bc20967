import { Inflate } from 'fflate';
import { type ByteRange, ElementReader, isKnownVr, MalformedBytes } from './elements.ts';
import { DEFLATED_LE, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE } from './syntaxes.ts';

const PREAMBLE = 128;
/** Own implementation (PS3.10 7.1): root 2.25 of a fixed UUID. */
const IMPLEMENTATION_UID = '2.25.255093870571330921830453312146138471741';
const IMPLEMENTATION_NAME = 'VOXPROMPT';

/** Upper bound of an inflated data set: more than any single object a viewer could hold. */
const MAX_INFLATED_BYTES = 2 ** 30;

/** Where the file meta ends and how the data set after it is laid out. */
export interface FileStart {
  readonly transferSyntaxUID: string | undefined;
  readonly dataOffset: number;
  /** Absent where the file begins with its data set. */
  readonly meta?: ReadonlyMap<string, ByteRange>;
}

/** Reads preamble and file meta (PS3.10 7.1), or guesses the syntax of a file without them; undefined: not DICOM. */
export function fileStart(bytes: Uint8Array): FileStart | undefined {
  if (hasMagic(bytes)) return withMeta(bytes, PREAMBLE + 4);
  if (bytes.length < 16) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [group, vr] = [view.getUint16(0, true), String.fromCharCode(bytes[4]!, bytes[5]!)];
  if (group === 0x0002 && isKnownVr(vr)) return withMeta(bytes, 0);
  const transferSyntaxUID = guessSyntax(view, group, vr);
  return transferSyntaxUID === undefined ? undefined : { transferSyntaxUID, dataOffset: 0 };
}

const hasMagic = (bytes: Uint8Array): boolean =>
  bytes.length >= PREAMBLE + 4 && String.fromCharCode(...bytes.subarray(PREAMBLE, PREAMBLE + 4)) === 'DICM';

function withMeta(bytes: Uint8Array, start: number): FileStart {
  const reader = new ElementReader(bytes, start, { explicitVr: true, littleEndian: true });
  const meta = reader.readDataset(undefined, 0x0003);
  const syntax = meta.get('00020010');
  const uid = syntax && ascii(bytes.subarray(syntax.offset, syntax.offset + syntax.length));
  return { transferSyntaxUID: uid === '' ? undefined : uid, dataOffset: reader.position, meta };
}

/** A bare data set starts with group 0008, in one of three layouts. */
function guessSyntax(view: DataView, group: number, vr: string): string | undefined {
  if (group === 0x0008) {
    if (isKnownVr(vr)) return EXPLICIT_LE;
    return view.getUint32(4, true) <= view.byteLength ? IMPLICIT_LE : undefined;
  }
  return group === 0x0800 && isKnownVr(vr) ? EXPLICIT_BE : undefined;
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes).replace(/[\s\0]+$/, '');

/**
 * The same object as explicit VR little endian, with its data set inflated (PS3.5 A.5).
 * @throws RangeError where the data set inflates beyond the bound
 */
export function inflated(bytes: Uint8Array, start: FileStart): { bytes: Uint8Array; start: FileStart } {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate((chunk) => {
    total += chunk.length;
    if (total > MAX_INFLATED_BYTES) throw new RangeError('the data set inflates to more than 1 GiB');
    chunks.push(chunk);
  });
  const compressed = bytes.subarray(start.dataOffset);
  const step = 1 << 16;
  for (let at = 0; at < compressed.length; at += step) {
    inflate.push(compressed.subarray(at, at + step), at + step >= compressed.length);
  }
  const out = new Uint8Array(start.dataOffset + total);
  out.set(bytes.subarray(0, start.dataOffset));
  let at = start.dataOffset;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  const syntax = start.meta?.get('00020010');
  if (syntax !== undefined) {
    out.fill(0, syntax.offset, syntax.offset + syntax.length);
    out.set(new TextEncoder().encode(EXPLICIT_LE), syntax.offset);
  }
  return { bytes: out, start: { ...start, transferSyntaxUID: EXPLICIT_LE } };
}

export const isDeflated = (start: FileStart): boolean => start.transferSyntaxUID === DEFLATED_LE;

/** Puts preamble and file meta in front of a bare data set, so that any reader takes it. */
export function withFileMeta(
  dataset: Uint8Array,
  uids: { readonly sopClassUID: string; readonly sopInstanceUID: string; readonly transferSyntaxUID: string },
): { bytes: Uint8Array; dataOffset: number } {
  const elements = [
    shortElement(0x0002, 'UI', `${uids.sopClassUID}`),
    shortElement(0x0003, 'UI', uids.sopInstanceUID),
    shortElement(0x0010, 'UI', uids.transferSyntaxUID),
    shortElement(0x0012, 'UI', IMPLEMENTATION_UID),
    shortElement(0x0013, 'SH', IMPLEMENTATION_NAME),
  ];
  const version = Uint8Array.of(0x02, 0, 0x01, 0, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1);
  const length = version.length + elements.reduce((sum, element) => sum + element.length, 0);
  const groupLength = new Uint8Array(12);
  groupLength.set([0x02, 0, 0, 0, 0x55, 0x4c, 4, 0]);
  new DataView(groupLength.buffer).setUint32(8, length, true);
  const parts = [
    new Uint8Array(PREAMBLE),
    new TextEncoder().encode('DICM'),
    groupLength,
    version,
    ...elements,
    dataset,
  ];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return { bytes: out, dataOffset: out.length - dataset.length };
}

function shortElement(element: number, vr: string, value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  if (encoded.length > 0xfffe) throw new MalformedBytes('malformed-element', 'a UID is longer than an element may be');
  const padded = new Uint8Array(encoded.length + (encoded.length % 2)).fill(vr === 'UI' ? 0 : 0x20);
  padded.set(encoded);
  const out = new Uint8Array(8 + padded.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x0002, true);
  view.setUint16(2, element, true);
  out.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  view.setUint16(6, padded.length, true);
  out.set(padded, 8);
  return out;
}
