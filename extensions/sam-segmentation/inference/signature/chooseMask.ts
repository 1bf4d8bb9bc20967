import type { TensorValue } from '../backends/backend.ts';
import type { DecodedMask, DecoderPrompt } from '../model.ts';

/**
 * The one mask to show of those that a decoder gives back, and its score.
 *
 * Four masks are Segment Anything's single mask and its three for an ambiguous prompt: a box or several points are not
 * ambiguous (segment_anything/modeling/mask_decoder.py). Of three, or for a single point, the one with the best score.
 *
 * @param masks logits [.., n, size, size]
 * @param scores [.., n]
 * @throws when the shapes do not fit each other: the manifest describes another model
 */
export function chooseMask(masks: TensorValue, scores: TensorValue, prompt: DecoderPrompt, size: number): DecodedMask {
  const plane = size * size;
  const count = masks.data.length / plane;
  if (!Number.isInteger(count) || count < 1 || scores.data.length !== count) {
    throw new Error(`unexpected output shapes [${masks.dims}] and [${scores.dims}]`);
  }
  const single = count === 4 && prompt.points.length !== 1;
  const index = single || count === 1 ? 0 : best(scores.data, count === 4 ? 1 : 0);
  return {
    logits: count === 1 ? masks.data : masks.data.slice(index * plane, (index + 1) * plane),
    width: size,
    height: size,
    score: scores.data[index]!,
  };
}

function best(scores: Float32Array, from: number): number {
  let found = from;
  for (let index = from + 1; index < scores.length; index += 1) if (scores[index]! > scores[found]!) found = index;
  return found;
}
