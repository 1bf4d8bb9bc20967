import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256Hex, sha256HexPlain } from './sha256.ts';

describe('sha256', () => {
  it('gives the published digest of "abc" (FIPS 180-4 example)', async () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const bytes = new TextEncoder().encode('abc');
    expect(sha256HexPlain(bytes)).toBe(digest);
    expect(await sha256Hex(bytes)).toBe(digest);
  });

  it('agrees with node:crypto at every padding length, WebCrypto or not', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + 7) & 255);
      const expected = createHash('sha256').update(bytes).digest('hex');
      expect(sha256HexPlain(bytes), `${length} bytes`).toBe(expected);
      expect(await sha256Hex(bytes), `${length} bytes`).toBe(expected);
    }
  });
});
