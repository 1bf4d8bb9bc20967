import { describe, expect, it } from 'vitest';
import { matchesKeys } from './queryMatching.ts';

const record = {
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane (Ms.)' }] },
  '00100020': { vr: 'LO', Value: ['A+1'] },
  '00080020': { vr: 'DA', Value: ['20260714'] },
  '00080030': { vr: 'TM', Value: ['101530.25'] },
  '00080061': { vr: 'CS', Value: ['CT', 'SEG'] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '00200011': { vr: 'IS', Value: [3] },
  '00081030': { vr: 'LO' },
};
const matches = (tag: string, value: string): boolean => matchesKeys(record, new Map([[tag, value]]));

describe('matchesKeys', () => {
  it('matches a name with wildcards in any case, and takes punctuation literally', () => {
    expect(matches('00100010', 'doe*')).toBe(true);
    expect(matches('00100010', 'Doe^Jan? (Ms.)')).toBe(true);
    expect(matches('00100020', 'A+1')).toBe(true);
    expect(matches('00100020', 'AA1')).toBe(false);
  });

  it('matches dates and times by range with open ends', () => {
    expect(matches('00080020', '20260714')).toBe(true);
    expect(matches('00080020', '20260701-20260731')).toBe(true);
    expect(matches('00080020', '-20260713')).toBe(false);
    expect(matches('00080020', '20260715-')).toBe(false);
    expect(matches('00080030', '1015-1016')).toBe(true);
  });

  it('matches a UID in a list and a number by value, but no part of either', () => {
    expect(matches('0020000D', '9.9,1.2.3')).toBe(true);
    expect(matches('0020000D', '1.2')).toBe(false);
    expect(matches('00200011', '03')).toBe(true);
    expect(matches('00080061', 'SEG')).toBe(true);
  });

  it('lets an empty key match everything, and an absent value nothing', () => {
    expect(matches('00081030', '')).toBe(true);
    expect(matches('00081030', 'Abdomen')).toBe(false);
    expect(matches('00181030', 'Abdomen')).toBe(false);
  });
});
