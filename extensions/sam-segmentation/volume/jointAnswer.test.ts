import { describe, expect, it } from 'vitest';
import { expectedDice, jointAnswer } from './jointAnswer.ts';

const grid = { depth: 2, size: 2 };
const answer = (logits: readonly number[], perSample: readonly number[]) => ({
  logits: Float32Array.from(logits),
  presence: Float32Array.from(perSample),
  score: Float32Array.from(perSample),
});
const everywhere = new Float32Array(8).fill(1);

describe('the expected Dice of an answer', () => {
  it('is that of its slices by their area, where there is image', () => {
    const seen = answer([1, 1, 1, -1, 1, -1, -1, -1], [0.5, 0.75]);
    expect(expectedDice({ answer: seen, inside: everywhere }, grid, 0)).toBe((3 * 0.5 + 0.75) / 4);
    const upper = Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    expect(expectedDice({ answer: seen, inside: upper }, grid, 0)).toBe(0.75);
  });

  it('is 0 of an answer that finds nothing', () => {
    const nothing = answer(Array<number>(8).fill(-1), [0.75, 0.75]);
    expect(expectedDice({ answer: nothing, inside: everywhere }, grid, 0)).toBe(0);
  });
});

describe('the joint answer of several series', () => {
  const own = answer([4, 4, 4, 4, 4, 4, 4, 4], [0.5, 0.5]);

  it('is the own one where there is no other', () => {
    expect(jointAnswer(own, [], grid)).toEqual(own);
  });

  it('is the mean of those that have image there', () => {
    const one = { answer: answer(Array<number>(8).fill(-2), [1, 1]), inside: everywhere };
    const half = { answer: answer(Array<number>(8).fill(-8), [0, 0]), inside: Float32Array.of(1, 1, 0, 0, 0, 0, 0, 0) };
    const { logits, score } = jointAnswer(own, [one, half], grid);
    expect([...logits]).toEqual([-2, -2, 1, 1, 1, 1, 1, 1]);
    // Half of the first sample, and nothing of the second.
    expect([...score]).toEqual([Math.fround(1.5 / 2.5), 0.75]);
  });
});
