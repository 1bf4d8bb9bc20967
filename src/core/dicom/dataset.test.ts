import { describe, expect, it } from 'vitest';
import { type DicomDataset, items, number, numbers, text, texts } from './dataset.ts';

/** Found by fuzzing: answers of an archive that are JSON, but not the DICOM JSON Model. */
const STRANGE = {
  a: { Value: 'text' },
  b: { Value: null },
  c: null,
  d: 7,
  e: { Value: {} },
  f: { Value: [null, [1]] },
};
const strange = STRANGE as unknown as DicomDataset;

describe('a data set from outside', () => {
  it('that holds something else where values belong counts as holding nothing', () => {
    for (const tag of Object.keys(STRANGE)) {
      expect(text(strange, tag), tag).toBeUndefined();
      expect(numbers(strange, tag), tag).toBeUndefined();
      expect(number(strange, tag), tag).toBeUndefined();
      expect(texts(strange, tag), tag).toEqual([]);
      expect(items(strange, tag), tag).toEqual([]);
    }
  });

  it('that has a person name of something else than text has no name', () => {
    const named = (Alphabetic: unknown) => ({ x: { vr: 'PN', Value: [{ Alphabetic }] } });
    expect(text(named(['<b>']), 'x')).toBeUndefined();
    expect(text(named({ trim: 1 }), 'x')).toBeUndefined();
    expect(text(named(' A^B '), 'x')).toBe('A^B');
  });
});
