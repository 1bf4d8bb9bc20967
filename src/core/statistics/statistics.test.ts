import { describe, expect, it } from 'vitest';
import { bootstrapInterval, byPatient, meanInterval } from './bootstrap.ts';
import { badSliceAuroc, reliabilityOf } from './calibration.ts';
import { comparePairs } from './paired.ts';
import { mean, median } from './summary.ts';

describe('the bootstrap', () => {
  const values = [0.7, 0.8, 0.9, 0.85, 0.6, 0.75];
  const alone = values.map((value) => [value]);

  it('gives the same interval at every run, around the mean', () => {
    const interval = meanInterval(alone)!;
    expect(meanInterval(alone)).toEqual(interval);
    expect(interval[0]).toBeGreaterThan(0.6);
    expect(interval[0]).toBeLessThan(mean(values));
    expect(interval[1]).toBeGreaterThan(mean(values));
    expect(interval[1]).toBeLessThan(0.9);
  });

  it('is near the normal interval for many values', () => {
    const many = Array.from({ length: 400 }, (_, index) => [Math.sin(index * 12.9898) * 10]);
    const sd = Math.sqrt(mean(many.map(([value]) => value! ** 2)) - mean(many.flat()) ** 2);
    const [low, high] = meanInterval(many, { resamples: 4000 })!;
    expect(high - low).toBeGreaterThan((0.93 * 2 * 1.96 * sd) / 20);
    expect(high - low).toBeLessThan((1.07 * 2 * 1.96 * sd) / 20);
  });

  it('draws patients whole: three series of one patient count as one', () => {
    const apart = meanInterval(values.flatMap((value) => [[value], [value], [value]]))!;
    const together = meanInterval(values.map((value) => [value, value, value]))!;
    expect(together[0]).toBeCloseTo(meanInterval(alone)![0], 9);
    expect(together[1] - together[0]).toBeGreaterThan(1.4 * (apart[1] - apart[0]));
  });

  it('leaves out draws without a value, and says when none had one', () => {
    expect(bootstrapInterval([[1], [2]], (drawn) => (drawn.includes(1) ? 7 : Number.NaN))).toEqual([7, 7]);
    expect(bootstrapInterval([[1]], () => Number.NaN)).toBeUndefined();
  });

  it('finds the cases of a patient wherever they stand', () => {
    expect(byPatient(['a1', 'b1', 'a2'], ([patient]) => patient!)).toEqual([['a1', 'a2'], ['b1']]);
  });
});

describe('the median', () => {
  it('takes the middle of an even number of values', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
  });
});

describe('the AUROC of the score', () => {
  const slices = (scores: readonly number[], dices: readonly number[]) =>
    scores.map((score, index) => ({ score, dice: dices[index]! }));

  it('is 1 when every bad slice scores lower, 0 when higher, and a half when scores say nothing', () => {
    expect(badSliceAuroc(slices([0.1, 0.2, 0.8, 0.9], [0.5, 0.6, 0.8, 0.9]), 0.7)).toBe(1);
    expect(badSliceAuroc(slices([0.9, 0.8, 0.2, 0.1], [0.5, 0.6, 0.8, 0.9]), 0.7)).toBe(0);
    expect(badSliceAuroc(slices([0.5, 0.5, 0.5], [0.1, 0.8, 0.9]), 0.7)).toBe(0.5);
  });

  it('is the share of pairs in order, ties counting half', () => {
    const scored = slices([0.3, 0.6, 0.6, 0.2, 0.9], [0.5, 0.1, 0.8, 0.75, 0.71]);
    const bad = scored.filter(({ dice }) => dice < 0.7);
    const good = scored.filter(({ dice }) => dice >= 0.7);
    const won = bad.flatMap((b) => good.map((g) => (b.score < g.score ? 1 : b.score === g.score ? 0.5 : 0)));
    expect(badSliceAuroc(scored, 0.7)).toBeCloseTo(mean(won), 12);
  });

  it('is not a number without a bad slice: a slice of exactly 0.7 is good', () => {
    expect(badSliceAuroc(slices([0.1, 0.2], [0.7, 0.9]), 0.7)).toBeNaN();
  });
});

describe('the reliability table', () => {
  it('puts the ends of the scale, and what lies beyond, in the outer bins', () => {
    const { bins, error } = reliabilityOf(
      [
        { score: -0.2, dice: 0.1 },
        { score: 0.05, dice: 0.15 },
        { score: 1, dice: 0.6 },
        { score: 1.1, dice: 0.9 },
      ],
      0.7,
    );
    expect(bins).toMatchObject([
      { from: 0, n: 2, bad: 1 },
      { from: 0.9, to: 1, n: 2, bad: 0.5 },
    ]);
    expect(error).toBeCloseTo((2 * (0.125 + 0.075) + 2 * (1.05 - 0.75)) / 4, 12);
  });
});

describe('two runs on the same cases', () => {
  const pair = (patient: string, now: number, before: number) => ({ patient, now, before });
  it('count wins, ties and losses, and the mean difference with its interval', () => {
    const pairs = [pair('a', 0.8, 0.7), pair('b', 0.9, 0.9), pair('c', 0.5, 0.6), pair('d', 0.9, 0.7)];
    const compared = comparePairs(pairs, 0.005, 'higher');
    expect(compared).toMatchObject({ n: 4, wins: 2, ties: 1, losses: 1 });
    expect(compared.difference).toBeCloseTo(0.05, 12);
    expect(compared.interval![0]).toBeLessThan(0.05);
    expect(comparePairs(pairs, 0.005, 'lower')).toMatchObject({ wins: 1, ties: 1, losses: 2 });
  });
});
