import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { promptCount, promptsOf, withBox, withEnd, withoutSlice, withPoint } from './lesionPrompts.ts';

const box = { x0: 10, y0: 10, x1: 20, y1: 20 };

describe('the prompts of a lesion', () => {
  it('keep one box per slice, and the points that the new one contains', () => {
    const pointed = withPoint(
      withPoint(promptsOf(5, box), 5, { at: slicePoint(11, 11), inside: true }, box),
      5,
      { at: slicePoint(19, 19), inside: false },
      box,
    );
    const moved = withBox(pointed, 5, { x0: 15, y0: 15, x1: 30, y1: 30 });
    expect(moved.slices.get(5)).toEqual({
      box: { x0: 15, y0: 15, x1: 30, y1: 30 },
      points: [{ at: slicePoint(19, 19), inside: false }],
    });
    expect(promptCount(moved)).toEqual({ boxes: 1, points: 1, painted: 0 });
  });

  it('grow a range that would exclude a new box', () => {
    const ranged = withEnd(withEnd(promptsOf(5, box), 'first', 4, 20), 'last', 6, 20);
    expect(withBox(ranged, 9, box).range).toEqual({ first: 4, last: 9 });
  });

  it('keep an end in the stack and beyond no box', () => {
    const prompts = withBox(promptsOf(5, box), 9, box);
    expect(withEnd(prompts, 'first', 7, 20).range.first).toBe(5);
    expect(withEnd(prompts, 'last', 7, 20).range.last).toBe(9);
    expect(withEnd(prompts, 'last', 25, 20).range.last).toBe(19);
  });

  it('are gone with their last box', () => {
    expect(withoutSlice(promptsOf(5, box), 5)).toBeUndefined();
    const two = withBox(promptsOf(5, box), 9, box);
    expect(withoutSlice(two, 3)).toBe(two);
    expect([...(withoutSlice(two, 5)?.slices.keys() ?? [])]).toEqual([9]);
  });
});
