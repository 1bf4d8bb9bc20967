import type { DicomElement } from '#core/dicom/dataset.ts';

interface NumericVr {
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
}
const NUMERIC: Readonly<Record<string, NumericVr>> = {
  US: { width: 2, read: (view, at) => view.getUint16(at, true) },
  SS: { width: 2, read: (view, at) => view.getInt16(at, true) },
  UL: { width: 4, read: (view, at) => view.getUint32(at, true) },
  SL: { width: 4, read: (view, at) => view.getInt32(at, true) },
  FL: { width: 4, read: (view, at) => view.getFloat32(at, true) },
  FD: { width: 8, read: (view, at) => view.getFloat64(at, true) },
};
const TEXT = new Set(['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'LO', 'SH', 'TM', 'UC', 'UI']);
/** Text that may hold backslashes. */
const UNDIVIDED = new Set(['LT', 'ST', 'UR', 'UT']);

/**
 * A value as bulk data carries it, little endian (PS3.18 F.2.7), in the JSON model. Undefined where the bytes are no value of
 * this representation, or it is one that headers are not read for.
 */
export function valueOfBytes(vr: string, bytes: Uint8Array): DicomElement | undefined {
  const numeric = NUMERIC[vr];
  if (numeric !== undefined) {
    const { width, read } = numeric;
    if (bytes.length % width !== 0) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { vr, Value: Array.from({ length: bytes.length / width }, (_, index) => read(view, index * width)) };
  }
  const decoded = decodedText(bytes);
  if (UNDIVIDED.has(vr)) return { vr, Value: [trimmed(decoded)] };
  if (TEXT.has(vr)) return { vr, Value: decoded.split('\\').map(trimmed) };
  if (vr === 'PN') {
    return { vr, Value: decoded.split('\\').map((name) => ({ Alphabetic: trimmed(name.split('=', 1)[0] ?? '') })) };
  }
  return vr === 'SQ' ? sequence(decoded) : undefined;
}

/** JSON is UTF-8, and so is what belongs to it; an archive that sends the file's own bytes mostly has Latin 1. */
function decodedText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

const trimmed = (value: string): string => value.replace(/^[\s\0]+|[\s\0]+$/g, '');

/** Some archives keep long sequences aside as DICOM JSON. */
function sequence(json: string): DicomElement | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? { vr: 'SQ', Value: parsed } : undefined;
  } catch {
    return undefined;
  }
}
