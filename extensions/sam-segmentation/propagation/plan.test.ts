import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { boxExtent } from '../prompt/sliceBox.ts';
import type { SliceOutcome } from './evidence.ts';
import type { Knowledge } from './knowledge.ts';
import { likelyAhead, nextStep, startPropagation } from './plan.ts';
import { box, even, keyframe, lesion, run, type Segment, stopOf, widthOf } from './testing/runPlan.ts';

describe('a plan from one box', () => {
  it('starts on the key slice with the reader’s box and points, then goes down, then up', () => {
    const points = [{ at: slicePoint(50, 50), inside: true }];
    const { segments, ks } = run(even(60), { keyframes: [{ ...keyframe(30, 30), points }] }, lesion(24, 36));
    expect(segments[0]).toMatchObject({ k: 30, box: box(30), points, origin: 'keyframe' });
    expect(ks.slice(0, 3)).toEqual([30, 29, 28]);
    expect(ks.filter((k) => k > 30)).toEqual([...new Set(ks.filter((k) => k > 30))].sort((a, b) => a - b));
  });

  it('keeps the slices on which the tissue is that of the lesion, and says why it stopped', () => {
    const { stops } = run(even(60), { keyframes: [keyframe(30, 30)] }, lesion(26, 38));
    const [down, up] = [stopOf(stops, 'towards-first'), stopOf(stops, 'towards-last')];
    expect(down.reason).toBe('intensity-shift');
    expect(Math.abs(down.end - 26)).toBeLessThanOrEqual(1);
    expect(Math.abs(up.end - 38)).toBeLessThanOrEqual(1);
  });

  it('goes beyond the expected end while the image speaks for it, and ends before it where it does not', () => {
    const expected = 30 + Math.round((1.45 * 15) / 3);
    const long = stopOf(run(even(60), { keyframes: [keyframe(30, 30)] }, lesion(10, 41)).stops, 'towards-last');
    const short = stopOf(run(even(60), { keyframes: [keyframe(30, 30)] }, lesion(28, 33)).stops, 'towards-last');
    expect(long.end).toBeGreaterThan(expected);
    expect(short.end).toBeLessThan(expected);
  });

  it('never runs away, even when every slice looks like the lesion', () => {
    const { ks, stops } = run(even(400), { keyframes: [keyframe(200, 30)] }, lesion(0, 399));
    expect(Math.max(...ks) - 200).toBeLessThanOrEqual(Math.ceil((1.8 * (1.45 * 15 + 1.5)) / 3));
    expect(stops).toHaveLength(2);
  });

  it('drops the slices it looked at beyond the end', () => {
    const { stops, ks } = run(even(60), { keyframes: [keyframe(30, 30)] }, lesion(26, 34));
    for (const stop of stops) {
      const beyond = ks.filter((k) => (stop.direction === 'towards-last' ? k > stop.end : k < stop.end));
      expect(new Set(stop.dropped)).toEqual(new Set(beyond));
    }
  });

  it('measures in millimetres: half the slice distance doubles the slices', () => {
    const inMm = (spacing: number) => {
      const { stops } = run(even(200, spacing), { keyframes: [keyframe(100, 40)] }, (step) => ({
        ...lesion(0, 199)(step),
        intensity: { median: 40, spread: 10 },
        score: 0.72,
      }));
      return (stopOf(stops, 'towards-last').end - 100) * spacing;
    };
    expect(Math.abs(inMm(2) - inMm(4))).toBeLessThanOrEqual(4);
  });

  it('shrinks the boxes like an ellipse, never below a fifth, and follows the last mask', () => {
    const drifting = (step: Segment): SliceOutcome => ({ ...lesion(0, 59)(step), box: box(8, 80 - step.k, 50) });
    const { segments } = run(even(60), { keyframes: [keyframe(30, 30)], first: 20, last: 40 }, drifting);
    const upper = segments.filter(({ k, origin }) => k > 30 && origin === 'planned');
    upper.forEach(({ k, box: planned }) => {
      const share = Math.max(0.2, Math.sqrt(1 - ((k - 30) / 10.5) ** 2));
      expect(widthOf(planned)).toBeCloseTo(30 * share, 9);
      expect((planned.x0 + planned.x1) / 2).toBeCloseTo(80 - (k - 1), 9);
    });
  });
});

describe('startPropagation refuses', () => {
  it.each<[string, Knowledge]>([
    ['no-keyframe', { keyframes: [] }],
    ['slice-outside-stack', { keyframes: [keyframe(60, 10)] }],
    ['slice-outside-stack', { keyframes: [keyframe(6, 10)], first: -1 }],
    ['two-boxes-on-a-slice', { keyframes: [keyframe(6, 10), keyframe(6, 12)] }],
    ['box-outside-range', { keyframes: [keyframe(6, 10)], first: 7 }],
  ])('%s', (code, knowledge) => {
    const result = startPropagation(even(60), knowledge);
    expect(result.ok ? undefined : result.error.code).toBe(code);
  });

  it('and nextStep throws on an outcome that nobody asked for', () => {
    const started = startPropagation(even(60), { keyframes: [keyframe(30, 30)] });
    if (!started.ok) throw new Error();
    const { state, step } = nextStep(started.value);
    if (step.kind !== 'segment') throw new Error();
    expect(() => nextStep(state, { ...lesion(0, 9)(step), k: 7 })).toThrow('was not asked for');
  });
});

describe('the plan is a pure reducer', () => {
  it('goes through the same steps again from any state kept', () => {
    const started = startPropagation(even(60), { keyframes: [keyframe(30, 30)] });
    if (!started.ok) throw new Error();
    const model = lesion(25, 35);
    const first = nextStep(started.value);
    if (first.step.kind !== 'segment') throw new Error();
    const once = nextStep(first.state, model(first.step));
    const twice = nextStep(first.state, model(first.step));
    expect(twice).toEqual(once);
  });
});

describe('likelyAhead', () => {
  const opened = (knowledge: Knowledge) => {
    const started = startPropagation(even(60), knowledge);
    if (!started.ok) throw new Error(started.error.code);
    return nextStep(started.value);
  };

  it('knows every slice where the ends are given, in the order in which they are asked for', () => {
    const knowledge = { keyframes: [keyframe(30, 20)], first: 26, last: 33 };
    const { ks } = run(even(60), knowledge, lesion(26, 33));
    expect(likelyAhead(opened(knowledge).state)).toEqual(ks);
  });

  it('guesses no more of a leg than a run would look at that learns nothing on its way', () => {
    const knowledge = { keyframes: [keyframe(30, 40)] };
    const { state } = opened(knowledge);
    const { ks } = run(even(60), knowledge, ({ k, box: asked }) => ({
      k,
      area: boxExtent(asked).width * boxExtent(asked).height,
      // At this score a slice without a shift is as likely inside as outside.
      score: (7.39 + 0.425 * Math.log(0.25)) / 9.9,
      box: asked,
      intensity: { median: 40, spread: 10 },
      overlap: 1,
    }));
    expect(likelyAhead(state)).toEqual(ks);
    expect(ks.length).toBeGreaterThan(10);
  });

  it('is told by what has been seen: a lesion that goes on moves the guess outwards', () => {
    let { state, step } = opened({ keyframes: [keyframe(30, 40)] });
    const atFirst = Math.min(...likelyAhead(state));
    for (const model = lesion(10, 50); step.kind === 'segment' && step.k > atFirst; )
      ({ state, step } = nextStep(state, model(step)));
    expect(Math.min(...likelyAhead(state))).toBeLessThan(atFirst);
  });
});
