import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';

/** An element with its values; without values it is present and empty (Type 2). */
export const element = (vr: string, ...values: readonly (string | number)[]): DicomElement =>
  values.length === 0 ? { vr } : { vr, Value: values };

/** A sequence of data sets. */
export const sequence = (...itemsOfIt: readonly DicomDataset[]): DicomElement => ({ vr: 'SQ', Value: itemsOfIt });

/**
 * Text that a character-string VR may hold (PS3.5 6.2): no control characters, no backslash (it separates values), at most
 * `limit` characters.
 */
export function fitted(value: string, limit: number): string {
  const clean = [...value.normalize('NFC')].map((c) => (c === '\\' ? '/' : isControl(c) ? ' ' : c));
  return clean.slice(0, limit).join('').trim();
}

export const longString = (value: string): DicomElement => element('LO', fitted(value, 64));
export const shortString = (value: string): DicomElement => element('SH', fitted(value, 16));

/** A Code String (PS3.5 6.2): upper case letters, digits, space and underscore, at most 16. */
export const codeString = (value: string): string =>
  value
    .normalize('NFD')
    .toUpperCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Z0-9 _]/g, '_')
    .slice(0, 16)
    .trim();

const isControl = (c: string): boolean => c < ' ' || c === '\u007f';
