import { describe, expect, it } from 'vitest';
import { even, keyframe, lesion, run, stopOf, widthOf } from './testing/runPlan.ts';

describe('a plan with more knowledge', () => {
  it('reaches a given end exactly, whatever the image says', () => {
    const { ks, stops } = run(even(60), { keyframes: [keyframe(30, 30)], first: 18, last: 45 }, lesion(28, 32));
    expect([Math.min(...ks), Math.max(...ks)]).toEqual([18, 45]);
    expect(stops.map(({ reason, dropped }) => [reason, dropped])).toEqual([
      ['range', []],
      ['range', []],
    ]);
  });

  it('may know one end and guess the other', () => {
    const { stops } = run(even(60), { keyframes: [keyframe(30, 30)], last: 33 }, lesion(25, 40));
    expect(stopOf(stops, 'towards-last')).toMatchObject({ reason: 'range', end: 33 });
    expect(stopOf(stops, 'towards-first').reason).not.toBe('range');
  });

  it('runs between three boxes along an ellipse that meets the end boxes', () => {
    const knowledge = { keyframes: [keyframe(40, 6, 70), keyframe(30, 30), keyframe(20, 10, 40)], first: 20, last: 40 };
    const { boxOf, ks, segments } = run(even(60), knowledge, lesion(20, 40));
    expect(segments.slice(0, 3).map(({ k, origin }) => [k, origin])).toEqual([
      [30, 'keyframe'],
      [20, 'keyframe'],
      [40, 'keyframe'],
    ]);
    expect(widthOf(boxOf(36))).toBeCloseTo(6 + 24 * Math.sqrt(1 - 0.36), 9);
    expect((boxOf(36).x0 + boxOf(36).x1) / 2).toBeCloseTo(50 + 20 * 0.6, 9);
    expect([...ks].sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, i) => 20 + i));
  });

  it('runs straight between two boxes neither of which is an end, by millimetres on an uneven stack', () => {
    const geometry = { positions: [0, 1, 2, 5, 10, 11, 12], columnSpacing: 1, rowSpacing: 1 };
    const { boxOf } = run(geometry, { keyframes: [keyframe(0, 40), keyframe(4, 20)], first: 0, last: 6 }, lesion(0, 6));
    expect(widthOf(boxOf(3))).toBeCloseTo(30, 9);
    expect(widthOf(boxOf(1))).toBeCloseTo(38, 9);
  });

  it('expects the end sooner beyond a smaller box, on the ellipsoid through both', () => {
    const far = run(even(100), { keyframes: [keyframe(50, 30)] }, lesion(0, 99));
    const near = run(even(100), { keyframes: [keyframe(50, 30), keyframe(55, 12)] }, lesion(0, 99));
    expect(Math.max(...near.ks)).toBeLessThan(Math.max(...far.ks));
    expect(widthOf(near.boxOf(56))).toBeLessThan(12);
  });

  it('redoes only what lies beside a changed keyframe', () => {
    const knowledge = {
      keyframes: [keyframe(20, 10), keyframe(30, 30), keyframe(36, 25), keyframe(40, 6)],
      first: 20,
      last: 40,
    };
    const { ks, stops } = run(even(60), knowledge, lesion(20, 40), { changed: 36 });
    expect([...ks].sort((a, b) => a - b)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]);
    expect(stops).toEqual([]);
  });

  it('redoes the way out when the outermost keyframe has changed', () => {
    const { ks, stops } = run(even(60), { keyframes: [keyframe(30, 30), keyframe(33, 20)] }, lesion(20, 40), {
      changed: 33,
    });
    expect(Math.min(...ks)).toBe(30);
    expect(stops.map(({ direction }) => direction)).toEqual(['towards-last']);
  });
});
