import { describe, expect, it } from 'vitest';
import { agreementBySlice, dice, wrongVoxels } from './overlap.ts';

describe('the overlap of two lesions', () => {
  const truth = new Map([
    [0, Uint8Array.of(1, 1, 0)],
    [1, Uint8Array.of(1, 0, 0)],
  ]);
  const found = new Map([
    [0, Uint8Array.of(0, 1, 1)],
    [2, Uint8Array.of(1, 1, 1)],
    [3, Uint8Array.of(0, 0, 0)],
  ]);

  it('counts voxels on slices that only one of the two has', () => {
    expect(dice(truth, found)).toBeCloseTo(2 / 8, 12);
    expect(dice(new Map(), new Map())).toBe(1);
  });

  it('is told by slice: half on a shared one, nothing on one too few or too many', () => {
    const slices = agreementBySlice(truth, found);
    expect(slices.map(({ k, dice: value }) => [k, value])).toEqual([
      [0, 0.5],
      [1, 0],
      [2, 0],
    ]);
    expect(slices.map(wrongVoxels)).toEqual([2, 1, 3]);
  });
});
