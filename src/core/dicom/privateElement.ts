import { type DicomDataset, text } from './dataset.ts';

/**
 * Value of a private element as text, found by its creator and not by the block that it happens to lie in (PS3.5 7.8.1). Archives
 * and implicit files do not know its representation and give bytes, which are read as characters.
 * @param element last two hex digits of the element number
 */
export function privateText(
  dataset: DicomDataset,
  group: string,
  creator: string,
  element: string,
): string | undefined {
  for (let block = 0x10; block <= 0xff; block += 1) {
    const prefix = block.toString(16).toUpperCase();
    if (characters(dataset, `${group}00${prefix}`) === creator)
      return characters(dataset, `${group}${prefix}${element}`);
  }
  return undefined;
}

export function privateNumber(...where: Parameters<typeof privateText>): number | undefined {
  const value = Number(privateText(...where) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

const characters = (dataset: DicomDataset, tag: string): string | undefined =>
  text(dataset, tag) ?? decoded(dataset[tag]?.InlineBinary);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decoded(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  let [bits, held, out] = [0, 0, ''];
  for (const character of base64.replace(/=+$/, '')) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += String.fromCharCode((bits >> held) & 0xff);
    }
  }
  const value = out.replace(/^[\s\0]+|[\s\0]+$/g, '');
  return value === '' ? undefined : value;
}
