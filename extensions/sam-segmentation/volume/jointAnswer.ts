import type { VolumeAnswer } from './answer.ts';
import type { VolumeRegion } from './region.ts';

/** What the network says of a region as one series shows it. */
export interface SeriesAnswer {
  readonly answer: VolumeAnswer;
  /** 1 where the series has image. [depth, size, size] */
  readonly inside: Float32Array;
}

/** The slice scores over the answer's own mask, each weighted by the mask's area on its sample; 0 where there is no mask. */
export function expectedDice(
  { answer: { logits, score }, inside }: SeriesAnswer,
  { depth, size }: Pick<VolumeRegion, 'depth' | 'size'>,
  threshold: number,
): number {
  const cells = size * size;
  let sum = 0;
  let area = 0;
  for (let j = 0; j < depth; j += 1) {
    let onSample = 0;
    for (let index = j * cells; index < (j + 1) * cells; index += 1) {
      if (inside[index]! > 0 && logits[index]! > threshold) onSample += 1;
    }
    sum += onSample * score[j]!;
    area += onSample;
  }
  return area === 0 ? 0 : sum / area;
}

/**
 * The mean of what several series show of a region, each where it has image; the series that is segmented counts everywhere. Of
 * presence and score, each series counts as much as it has of the sample.
 */
export function jointAnswer(
  own: VolumeAnswer,
  others: readonly SeriesAnswer[],
  { depth, size }: Pick<VolumeRegion, 'depth' | 'size'>,
): VolumeAnswer {
  const cells = size * size;
  const shares = others.map(({ inside }) =>
    Float32Array.from({ length: depth }, (_, j) => {
      let sum = 0;
      for (let index = j * cells; index < (j + 1) * cells; index += 1) sum += inside[index]!;
      return sum / cells;
    }),
  );
  const perSample = (of: 'presence' | 'score'): Float32Array =>
    weightedMean(
      own[of],
      others.map(({ answer }, at) => [answer[of], shares[at]!] as const),
    );
  return {
    logits: weightedMean(
      own.logits,
      others.map(({ answer, inside }) => [answer.logits, inside] as const),
    ),
    presence: perSample('presence'),
    score: perSample('score'),
  };
}

const weightedMean = (
  own: Float32Array,
  others: readonly (readonly [values: Float32Array, weights: Float32Array])[],
): Float32Array =>
  own.map((value, index) => {
    let sum = value;
    let weight = 1;
    for (const [values, weights] of others) {
      sum += values[index]! * weights[index]!;
      weight += weights[index]!;
    }
    return sum / weight;
  });
