import type { DicomElement } from '#core/dicom/dataset.ts';
import type { TextReader } from './characterSet.ts';

/** Text VRs whose values the character set of the object applies to (PS3.5 6.1.2.3). */
const ENCODED = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const ASCII = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR']);
/** Never split at backslashes. */
const SINGLE = new Set(['LT', 'ST', 'UT', 'UR']);

const ascii: TextReader = (bytes) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/**
 * One element of the DICOM JSON Model (PS3.18 Annex F) from its bytes. Decimal and integer strings stay text, so that what is
 * copied from an object is copied as it was written.
 */
export function elementOf(vr: string, bytes: Uint8Array, little: boolean, textOf: TextReader): DicomElement {
  if (bytes.length === 0) return { vr };
  if (ENCODED.has(vr) || ASCII.has(vr)) {
    const values = textValues(vr, (ENCODED.has(vr) ? textOf : ascii)(bytes));
    return values.every((value) => value === null) ? { vr } : { vr, Value: values };
  }
  const read = NUMBERS[vr];
  if (read === undefined) return { vr, InlineBinary: base64(bytes) };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = [];
  for (let at = 0; at + read.size <= bytes.length; at += read.size) values.push(read.get(view, at, little));
  return { vr, Value: values };
}

function textValues(vr: string, text: string): readonly unknown[] {
  const padded = text.replace(/[\0 ]+$/, '');
  if (SINGLE.has(vr)) return [padded === '' ? null : padded];
  return padded.split('\\').map((part) => {
    const value = part.replace(/[\0 ]+$/, '').replace(/^ +/, '');
    if (value === '') return null;
    return vr === 'PN' ? personName(value) : value;
  });
}

function personName(value: string): Record<string, string> {
  const groups = value.split('=');
  return Object.fromEntries(
    (['Alphabetic', 'Ideographic', 'Phonetic'] as const).flatMap((name, index) => {
      const group = groups[index]?.trim();
      return group ? [[name, group]] : [];
    }),
  );
}

interface NumberReader {
  readonly size: number;
  readonly get: (view: DataView, at: number, little: boolean) => number | string;
}

const NUMBERS: Readonly<Record<string, NumberReader>> = {
  US: { size: 2, get: (view, at, little) => view.getUint16(at, little) },
  SS: { size: 2, get: (view, at, little) => view.getInt16(at, little) },
  UL: { size: 4, get: (view, at, little) => view.getUint32(at, little) },
  SL: { size: 4, get: (view, at, little) => view.getInt32(at, little) },
  FL: { size: 4, get: (view, at, little) => view.getFloat32(at, little) },
  FD: { size: 8, get: (view, at, little) => view.getFloat64(at, little) },
  UV: { size: 8, get: (view, at, little) => String(view.getBigUint64(at, little)) },
  SV: { size: 8, get: (view, at, little) => String(view.getBigInt64(at, little)) },
  AT: {
    size: 4,
    get: (view, at, little) => hex(view.getUint16(at, little)) + hex(view.getUint16(at + 2, little)),
  },
};

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
