/** Decodes the bytes of a text value. */
export type TextOf = (bytes: Uint8Array) => string;

/** Labels of the WHATWG encodings that hold the character sets of PS3.3 C.12.1.1.2. */
const ENCODINGS: Readonly<Record<string, string>> = {
  '': 'windows-1252',
  'ISO_IR 6': 'windows-1252',
  'ISO_IR 100': 'windows-1252',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  'ISO 2022 IR 58': 'gbk',
  'ISO 2022 IR 149': 'euc-kr',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Escape sequences of ISO 2022 (PS3.3 Tables C.12-3 and C.12-4), without the ESC, and what the bytes after them are. */
const ESCAPES: readonly (readonly [sequence: string, encoding: string])[] = [
  ['$)C', 'euc-kr'],
  ['$)A', 'gbk'],
  ['$(D', 'jis-x-0212'],
  ['$B', 'jis-x-0208'],
  ['(B', 'windows-1252'],
  ['(J', 'shift_jis'],
  [')I', 'shift_jis'],
  ['-A', 'windows-1252'],
  ['-B', 'iso-8859-2'],
  ['-C', 'iso-8859-3'],
  ['-D', 'iso-8859-4'],
  ['-F', 'iso-8859-7'],
  ['-G', 'iso-8859-6'],
  ['-H', 'iso-8859-8'],
  ['-L', 'iso-8859-5'],
  ['-M', 'windows-1254'],
  ['-T', 'windows-874'],
  ['-b', 'iso-8859-15'],
];

const ESC = 0x1b;

/**
 * Text decoder for a Specific Character Set (0008,0005).
 * @param terms its values; an unknown or absent one is read as Latin-1, which loses no byte
 */
export function textDecoderOf(terms: readonly string[]): TextOf {
  const initial = encodingOf(terms[0] ?? '');
  return terms.some((term) => term.startsWith('ISO 2022'))
    ? (bytes) => decodeEscaped(bytes, initial)
    : (bytes) => decode(bytes, initial);
}

const encodingOf = (term: string): string =>
  ENCODINGS[term] ?? ENCODINGS[term.replace(/^ISO 2022 IR/, 'ISO_IR')] ?? 'windows-1252';

function decodeEscaped(bytes: Uint8Array, initial: string): string {
  let out = '';
  let encoding = initial;
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== ESC) continue;
    out += decode(bytes.subarray(start, at), encoding);
    const next = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
    const match = ESCAPES.find(([sequence]) => next.startsWith(sequence));
    encoding = match?.[1] ?? initial;
    start = at + 1 + (match?.[0].length ?? 0);
  }
  return out + decode(bytes.subarray(start), encoding);
}

function decode(bytes: Uint8Array, encoding: string): string {
  if (bytes.length === 0) return '';
  // The two Japanese multi-byte sets are EUC-JP with the high bits off (and a shift byte in front of JIS X 0212).
  if (encoding === 'jis-x-0208') return decode(highBits(bytes), 'euc-jp');
  if (encoding === 'jis-x-0212') return decode(shifted(highBits(bytes)), 'euc-jp');
  return decoderFor(encoding).decode(bytes);
}

/** A decoder keeps no state between whole values, so one serves all. */
const decoders = new Map<string, TextDecoder>();
function decoderFor(encoding: string): TextDecoder {
  const known = decoders.get(encoding) ?? new TextDecoder(encoding);
  decoders.set(encoding, known);
  return known;
}

const highBits = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (byte > 0x20 ? byte | 0x80 : byte));

function shifted(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte < 0x80) out.push(byte);
    else out.push(0x8f, byte, bytes[at + 1] ?? 0xa1);
    at += byte < 0x80 ? 1 : 2;
  }
  return Uint8Array.from(out);
}
