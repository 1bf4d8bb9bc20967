import dcmjs from 'dcmjs';

const { dictionary } = dcmjs.data.DicomMetaDictionary;

/** Groups whose elements repeat (curves, overlays): the dictionary holds the first of each family. */
const REPEATING = /^(50|60)[0-9A-F]{2}/;

/**
 * Value representation of a standard element (PS3.6), for the syntaxes and files that do not say it.
 * `xs` stands for "US or SS", which only Pixel Representation can settle; private and unknown elements are UN.
 * @param tag eight upper-case hex digits
 */
export function dictionaryVr(tag: string): string {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivate(tag)) return /^....00[1-9A-F][0-9A-F]$/.test(tag) ? 'LO' : 'UN';
  const family = REPEATING.test(tag) ? `${tag.slice(0, 2)}00${tag.slice(4)}` : tag;
  const vr = dictionary[`(${family.slice(0, 4)},${family.slice(4)})`]?.vr;
  if (vr === undefined) return 'UN';
  if (vr === 'ox' || vr === 'lt') return 'OW';
  return vr;
}

/** Odd group numbers belong to the makers (PS3.5 section 7.8). */
export const isPrivate = (tag: string): boolean => Number.parseInt(tag.charAt(3), 16) % 2 === 1;
