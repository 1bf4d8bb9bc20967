import { describe, expect, it } from 'vitest';
import { meanAnswer, mirroredChannels } from './mirror.ts';

const grid = { depth: 4, size: 3, keySample: 2 };
const cells = 9;
const volume = 36;
const counted = (length: number, from = 0): Float32Array => Float32Array.from({ length }, (_, index) => from + index);

describe('a mirrored region', () => {
  it('keeps the key sample, and turns round its cells and the order of the samples about it', () => {
    const channels = counted(2 * volume);
    const mirrored = mirroredChannels(channels, grid);
    for (const channel of [0, 1]) {
      for (const [j, partner] of [
        [0, 0],
        [1, 3],
        [2, 2],
        [3, 1],
      ] as const) {
        for (const [r, c] of [
          [0, 0],
          [0, 2],
          [1, 0],
        ] as const) {
          const here = mirrored[channel * volume + j * cells + r * 3 + c];
          expect(here).toBe(channels[channel * volume + partner * cells + (2 - r) * 3 + (2 - c)]);
        }
      }
    }
  });

  it('is itself again when it is mirrored twice', () => {
    const channels = counted(3 * volume, 5);
    expect(mirroredChannels(mirroredChannels(channels, grid), grid)).toEqual(channels);
  });
});

describe('the mean of a region and its mirror image', () => {
  it('is the answer itself where the network says the same of both', () => {
    const answer = { logits: counted(volume, -10), presence: counted(4), score: counted(4, 1) };
    const same = {
      logits: mirroredChannels(answer.logits, grid),
      presence: Float32Array.of(0, 3, 2, 1),
      score: Float32Array.of(1, 4, 3, 2),
    };
    expect(meanAnswer(answer, same, grid)).toEqual(answer);
  });

  it('lies halfway where it does not', () => {
    const answer = { logits: counted(volume), presence: counted(4), score: counted(4) };
    const none = { logits: new Float32Array(volume), presence: new Float32Array(4), score: new Float32Array(4) };
    const { logits, presence } = meanAnswer(answer, none, grid);
    expect([logits[7], presence[3]]).toEqual([3.5, 1.5]);
  });
});
