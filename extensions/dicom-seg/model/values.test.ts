import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cielabOf, rgbOf } from './cielab.ts';
import { decimalString } from './decimalString.ts';
import { codeString, fitted } from './element.ts';
import { dateTimeOf, momentOf, offsetMinutesOf } from './moment.ts';
import { isUid, uidOfRandomBytes, uidOfUuid } from './uid.ts';

describe('decimal strings', () => {
  it('finds every text of 15 digits again that JSON turned into a number', () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 15n - 1n });
    fc.assert(
      fc.property(digits, fc.integer({ min: -12, max: 0 }), fc.boolean(), (mantissa, exponent, negative) => {
        const value = Number(`${negative ? '-' : ''}${mantissa}e${exponent}`);
        const text = decimalString(value);
        expect(text.length).toBeLessThanOrEqual(16);
        // A sign and a point leave 14 digits.
        if (String(mantissa).length <= 13 && exponent > -13)
          expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it.each([
    [-0.123456789012345, '-.12345678901235'],
    [0.1 + 0.2, '.3'],
    [1e-7, '1e-7'],
    [-126.690002, '-126.690002'],
    [0.810547, '0.810547'],
    [1234567890123456, '1234567890123456'],
    [0, '0'],
  ])('writes %s with the least error in 16 characters', (value, expected) => {
    const text = decimalString(value);
    expect(text.length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(Number(expected) - value));
  });
});

describe('unique identifiers', () => {
  it('is the decimal form of the UUID (the example of PS3.5 B.2)', () => {
    expect(uidOfUuid('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe('2.25.329800735698586629295641978511506172918');
  });

  it('never exceeds 128 bits or 64 characters', () => {
    const all = uidOfRandomBytes(new Uint8Array(16).fill(255));
    expect(isUid(all)).toBe(true);
    expect(BigInt(all.slice(5)) < 2n ** 128n).toBe(true);
  });

  it('tells UIDs from texts that are none', () => {
    expect(['1.2.840', '2.25.0'].map(isUid)).toEqual([true, true]);
    expect(['1.02.3', '1..2', '', 'a.b', '1.'].map(isUid)).toEqual([false, false, false, false, false]);
  });
});

describe('colours', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (rgb) => {
        expect(rgbOf(cielabOf(rgb))).toEqual(rgb);
      }),
      { seed: 6, numRuns: 1000 },
    );
  });

  it('has neutral greys: a* and b* of 0 are 0x8080', () => {
    expect(cielabOf([0, 0, 0])).toEqual([0, 32896, 32896]);
    const [white, ...ab] = cielabOf([255, 255, 255]);
    expect(white).toBe(65535);
    for (const value of ab) expect(Math.abs(value - 32896)).toBeLessThanOrEqual(2);
  });
});

describe('dates and times', () => {
  it('is the clock on the wall of its time zone, with the zone', () => {
    const moment = momentOf(new Date('2026-11-22T23:30:00.250Z'), 330);
    expect(moment).toEqual({ date: '20261123', time: '050000.250', offset: '+0530' });
    expect(dateTimeOf(moment)).toBe('20261123050000.250+0530');
    expect(momentOf(new Date('2026-11-22T01:00:00Z'), -210).offset).toBe('-0330');
  });

  it('reads the zone of a source', () => {
    expect([
      offsetMinutesOf('+0530'),
      offsetMinutesOf('-0330'),
      offsetMinutesOf('CET'),
      offsetMinutesOf(undefined),
    ]).toEqual([330, -210, undefined, undefined]);
  });
});

describe('texts', () => {
  it('makes code strings of whatever a reader types', () => {
    expect(codeString('Läsion, links (2. Kontrolle)')).toBe('LASION_ LINKS _2');
  });

  it('keeps backslashes and control characters out of values, and counts characters, not bytes', () => {
    expect(fitted('a\\b\u0007c', 64)).toBe('a/b c');
    expect(fitted('腫'.repeat(80), 64)).toHaveLength(64);
  });
});
