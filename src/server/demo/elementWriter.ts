/** Explicit VR little endian elements (PS3.5 7.1.2), enough for a CT image. */
const LONG = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

export type ElementValue = string | number | readonly number[] | Uint8Array;

/** One element. Text is ASCII; numbers are US; OW takes bytes. */
export function element(tag: string, vr: string, value: ElementValue): Uint8Array {
  const content = padded(contentOf(value), vr);
  const long = LONG.has(vr);
  const out = new Uint8Array((long ? 12 : 8) + content.length);
  const view = new DataView(out.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  out.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (long) view.setUint32(8, content.length, true);
  else view.setUint16(6, content.length, true);
  out.set(content, long ? 12 : 8);
  return out;
}

function contentOf(value: ElementValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  const words = Uint16Array.from(typeof value === 'number' ? [value] : value);
  return new Uint8Array(words.buffer);
}

function padded(content: Uint8Array, vr: string): Uint8Array {
  if (content.length % 2 === 0) return content;
  const out = new Uint8Array(content.length + 1);
  out.set(content);
  out[content.length] = vr === 'UI' || vr === 'OB' ? 0 : 0x20;
  return out;
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
