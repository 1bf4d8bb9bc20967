import type { DicomDataset, DicomElement } from '#core/dicom/dataset.ts';
import { HEADER_ATTRIBUTES } from './headerAttributes.ts';

/** A header by keyword, as Cornerstone's metadata providers give it under `instance` (dcmjs calls it naturalized). */
export type NaturalHeader = Readonly<Record<string, unknown>>;

/**
 * The DICOM JSON Model (PS3.18 Annex F) of a header by keyword, for the attributes that a segmentation takes from its source.
 * Empty values and sequences are left out.
 */
export function headerOf(natural: NaturalHeader): DicomDataset {
  const header: Record<string, DicomElement> = {};
  for (const { keyword, tag, vr } of HEADER_ATTRIBUTES) {
    const given = natural[keyword];
    if (given === undefined || given === null) continue;
    const Value = (isList(given) ? Array.from(given) : [given]).flatMap((value) => jsonValues(value, vr));
    if (Value.length > 0) header[tag] = { vr, Value };
  }
  return header;
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

const NUMERIC: ReadonlySet<string> = new Set(['DS', 'IS', 'US']);

function jsonValues(value: unknown, vr: string): readonly unknown[] {
  if (vr === 'PN') return nameOf(value);
  if (NUMERIC.has(vr)) {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? [number] : [];
  }
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? [text] : [];
}

/** A person name is text, or its groups. */
function nameOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [{ Alphabetic: value }];
  if (typeof value !== 'object' || value === null) return [];
  const groups = Object.entries(value).filter(
    ([group, text]) => ['Alphabetic', 'Ideographic', 'Phonetic'].includes(group) && typeof text === 'string',
  );
  return groups.length === 0 ? [] : [Object.fromEntries(groups)];
}
