import { describe, expect, it } from 'vitest';
import { doubtfulSlices, nextDoubtful } from './doubt.ts';
import { promptsOf } from './lesionPrompts.ts';
import type { Lesion, SliceResult } from './sessionState.ts';

const box = { x0: 0, y0: 0, x1: 1, y1: 1 };
const result = (area: number, score: number): SliceResult => ({ mask: new Uint8Array(4), area, score, box });

/** A lesion of these slices from k = 0; the reader has boxed slice 3. */
const lesion = (...slices: readonly SliceResult[]): Lesion => ({
  phase: 'reviewing',
  prompts: promptsOf(3, box),
  keyframes: new Map([[3, { status: 'ready', revision: 1, result: slices[3]! }]]),
  cells: new Map([...slices.entries()].filter(([k]) => k !== 3)),
  stale: new Set(),
  ends: {},
  problem: undefined,
});

describe('slices worth a look', () => {
  it('are those whose score is low for this lesion, not low in itself', () => {
    const low = [0.6, 0.61, 0.6, 0.62, 0.61, 0.45, 0.6].map((score) => result(100, score));
    expect(doubtfulSlices(lesion(...low))).toEqual([5]);
  });

  it('are those whose area is out of line with both neighbours', () => {
    const slices = [40, 60, 80, 100, 90, 20, 70, 60].map((area) => result(area, 0.9));
    expect(doubtfulSlices(lesion(...slices))).toEqual([5]);
  });

  it('are never those that the reader has boxed', () => {
    const slices = [0.9, 0.9, 0.9, 0.2, 0.9, 0.9].map((score) => result(100, score));
    expect(doubtfulSlices(lesion(...slices))).toEqual([]);
  });

  it('do not make a lesion of equal slices doubtful for rounding', () => {
    const slices = [0.9, 0.9, 0.9, 0.9, 0.9, 0.8999].map((score) => result(100, score));
    expect(doubtfulSlices(lesion(...slices))).toEqual([]);
  });

  it('are visited upwards and then from the first again', () => {
    expect(nextDoubtful([2, 5, 9], 2)).toBe(5);
    expect(nextDoubtful([2, 5, 9], 9)).toBe(2);
    expect(nextDoubtful([], 3)).toBeUndefined();
  });
});
