import { describe, expect, it } from 'vitest';
import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import { boxAround, boxExtent } from '../prompt/sliceBox.ts';
import type { SliceOutcome } from './evidence.ts';
import type { Keyframe, Knowledge, SliceGeometry } from './knowledge.ts';
import { likelyAhead, nextStep, type PlanOptions, type Step, startPropagation } from './plan.ts';

const even = (slices: number, spacing = 3): SliceGeometry => ({
  positions: Array.from({ length: slices }, (_, k) => -100 + k * spacing),
  columnSpacing: 1,
  rowSpacing: 1,
});
const box = (size: number, x = 50, y = 50): SliceBox => boxAround(slicePoint(x, y), size, size);
const keyframe = (k: number, size: number, x = 50): Keyframe => ({ k, box: box(size, x), points: [] });

/** A reader's perfect model: the mask fills its box, looks like the lesion inside `first..last` and like fat beyond. */
const lesion =
  (first: number, last: number) =>
  (step: Step & { readonly kind: 'segment' }): SliceOutcome => {
    const inside = step.k >= first && step.k <= last;
    const { width, height } = boxExtent(step.box);
    return {
      k: step.k,
      area: width * height,
      score: inside ? 0.9 : 0.5,
      box: step.box,
      intensity: { median: inside ? 40 : -100, spread: 10 },
      overlap: 1,
    };
  };

type Segment = Step & { readonly kind: 'segment' };
type Stop = Step & { readonly kind: 'stop' };

function run(
  geometry: SliceGeometry,
  knowledge: Knowledge,
  model: (step: Segment) => SliceOutcome,
  options?: PlanOptions,
) {
  const started = startPropagation(geometry, knowledge, options);
  if (!started.ok) throw new Error(started.error.code);
  const segments: Segment[] = [];
  const stops: Stop[] = [];
  let { state, step } = nextStep(started.value);
  for (let turns = 0; step.kind !== 'done'; turns += 1) {
    if (turns > 500) throw new Error('The plan does not end');
    if (step.kind === 'stop') {
      stops.push(step);
      ({ state, step } = nextStep(state));
    } else {
      segments.push(step);
      ({ state, step } = nextStep(state, model(step)));
    }
  }
  return {
    segments,
    stops,
    ks: segments.map(({ k }) => k),
    boxOf: (k: number) => segments.find((s) => s.k === k)!.box,
  };
}

const stopOf = (stops: readonly Stop[], direction: Stop['direction']) => stops.find((s) => s.direction === direction)!;
const widthOf = (b: SliceBox) => boxExtent(b).width;

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
