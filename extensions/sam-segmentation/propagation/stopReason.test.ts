import { describe, expect, it } from 'vitest';
import type { SliceOutcome } from './evidence.ts';
import { even, keyframe, lesion, run, type Segment, stopOf } from './testing/runPlan.ts';

describe('what ends a direction', () => {
  const good = lesion(0, 59);
  it.each<[string, (step: Segment) => SliceOutcome]>([
    ['empty-mask', (s) => (s.k > 33 ? { ...good(s), box: undefined, intensity: undefined, area: 0 } : good(s))],
    ['left-lesion', (s) => (s.k > 33 ? { ...good(s), overlap: 0 } : good(s))],
    ['area-jump', (s) => (s.k > 33 ? { ...good(s), area: good(s).area * 3 } : good(s))],
    ['low-score', (s) => (s.k > 33 ? { ...good(s), score: 0.4 } : good(s))],
    ['intensity-shift', (s) => (s.k > 33 ? lesion(0, 33)(s) : good(s))],
  ])('is told as %s', (reason, model) => {
    const { stops } = run(even(60), { keyframes: [keyframe(30, 30)] }, model);
    expect(stopOf(stops, 'towards-last').reason).toBe(reason);
    expect(Math.abs(stopOf(stops, 'towards-last').end - 33)).toBeLessThanOrEqual(1);
  });

  it('is the end of the stack when the lesion runs into it', () => {
    const { stops } = run(even(33), { keyframes: [keyframe(30, 40)] }, lesion(0, 32));
    expect(stopOf(stops, 'towards-last')).toMatchObject({ reason: 'end-of-stack', end: 32, dropped: [] });
  });

  it('is the key slice itself at the border of the stack', () => {
    const { stops, ks } = run(even(31), { keyframes: [keyframe(30, 40)] }, lesion(0, 30));
    expect(stopOf(stops, 'towards-last')).toMatchObject({ reason: 'end-of-stack', end: 30 });
    expect(ks.every((k) => k <= 30)).toBe(true);
  });

  it('is a gap in the images, unless the reader has given the range', () => {
    const { positions, ...pixels } = even(60);
    const geometry = { ...pixels, positions: positions.map((p, k) => (k > 32 ? p + 6 : p)) };
    const guessed = run(geometry, { keyframes: [keyframe(30, 40)] }, lesion(0, 59));
    expect(stopOf(guessed.stops, 'towards-last')).toMatchObject({ reason: 'missing-slice', end: 32 });
    const given = run(geometry, { keyframes: [keyframe(30, 40)], last: 36 }, lesion(0, 59));
    expect(stopOf(given.stops, 'towards-last')).toMatchObject({ reason: 'range', end: 36 });
  });

  it('is one slice, in a series of one slice', () => {
    const { ks, stops } = run(even(1), { keyframes: [keyframe(0, 30)] }, lesion(0, 0));
    expect(ks).toEqual([0]);
    expect(stops.map(({ reason }) => reason)).toEqual(['end-of-stack', 'end-of-stack']);
  });
});
