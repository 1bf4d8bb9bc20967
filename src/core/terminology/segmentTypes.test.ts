import { describe, expect, it } from 'vitest';
import { DEFAULT_MEANING } from './segmentMeaning.ts';
import { SEGMENT_MEANINGS, withRecent } from './segmentTypes.ts';

describe('segment meanings', () => {
  it('name each concept once, under one category, with an id of the length of SNOMED CT and a meaning that DICOM can hold', () => {
    const values = SEGMENT_MEANINGS.map(({ type }) => type.value);
    expect(new Set(values).size).toBe(values.length);
    for (const { type } of SEGMENT_MEANINGS) {
      expect(type.value).toMatch(/^\d{6,18}$/);
      expect(type.meaning.length).toBeLessThanOrEqual(64);
      expect(type.meaning).not.toMatch(/\(|structure of/i);
    }
  });

  it('end in a valid SNOMED CT check digit', () => {
    for (const { type, category } of SEGMENT_MEANINGS) {
      expect(verhoeff(type.value), type.meaning).toBe(0);
      expect(verhoeff(category.value)).toBe(0);
    }
  });

  it('begin with a lesion, which is what a new segment is', () => {
    expect(DEFAULT_MEANING.type.meaning).toBe('Lesion');
    expect(SEGMENT_MEANINGS[0]).toMatchObject(DEFAULT_MEANING);
  });
});

describe('recent meanings', () => {
  it('put the last one first, once, and forget the oldest', () => {
    const [a, b, c, d, e, f] = SEGMENT_MEANINGS.slice(0, 6);
    const used = [a!, b!, c!, d!, e!, b!].reduce<readonly (typeof DEFAULT_MEANING)[]>(withRecent, []);
    expect(used.map(({ type }) => type.meaning)).toEqual([b!, e!, d!, c!, a!].map(({ type }) => type.meaning));
    expect(withRecent(used, f!)).toHaveLength(5);
  });
});

/** Verhoeff's checksum over the dihedral group D5, as SNOMED CT uses it: 0 for a valid identifier. */
function verhoeff(id: string): number {
  const times = (a: number, b: number): number =>
    a < 5 ? (b < 5 ? (a + b) % 5 : ((a + b - 5) % 5) + 5) : b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
  const permuted = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const permute = (digit: number, rounds: number): number =>
    Array.from({ length: rounds }).reduce<number>((value) => permuted[value]!, digit);
  return [...id].reverse().reduce((sum, digit, index) => times(sum, permute(Number(digit), index % 8)), 0);
}
