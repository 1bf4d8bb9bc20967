/** How the bytes of one text value become text. */
export type TextReader = (bytes: Uint8Array) => string;

/** WHATWG label of each defined term of Specific Character Set (PS3.3 C.12.1.1.2); 'ISO 2022 IR n' is looked up as 'ISO_IR n'. */
const LABELS: Readonly<Record<string, string>> = {
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
  'ISO_IR 87': 'iso-2022-jp',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gbk',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/**
 * Reader for the text of an object. With code extensions the escape sequences of ISO 2022 switch between the sets named: the
 * Japanese ones are what 'iso-2022-jp' decodes, the Korean and Chinese ones designate G1 once and are dropped.
 * @param terms values of Specific Character Set, the first may be empty; none means ASCII
 */
export function textReader(terms: readonly string[]): TextReader {
  const labels = terms.map((term) => LABELS[term.trim().replace('ISO 2022 IR', 'ISO_IR')] ?? 'windows-1252');
  const extended = labels.find((label) => label === 'iso-2022-jp' || label === 'euc-kr' || label === 'gbk');
  const base = new TextDecoder(terms.length > 1 ? (extended ?? labels[0]) : (labels[0] ?? 'windows-1252'));
  const plain = new TextDecoder(labels[0] ?? 'windows-1252');
  return (bytes) => {
    if (terms.length < 2) return base.decode(bytes);
    if (!bytes.includes(ESCAPE)) return (hasHighBit(bytes) ? plain : base).decode(bytes);
    return base.decode(extended === 'iso-2022-jp' ? bytes : withoutEscapes(bytes));
  };
}

const ESCAPE = 0x1b;
const hasHighBit = (bytes: Uint8Array): boolean => bytes.some((byte) => byte > 127);

/** Removes designations: ESC, intermediates (20..2F), one final byte. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    if (bytes[index] !== ESCAPE) {
      out.push(bytes[index]!);
      continue;
    }
    index += 1;
    while (bytes[index]! >= 0x20 && bytes[index]! <= 0x2f) index += 1;
  }
  return Uint8Array.from(out);
}
