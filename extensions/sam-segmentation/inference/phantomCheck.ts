import { ok, type Result } from '#core/result.ts';
import { encoderPlanes } from '../preprocess/encoderInput.ts';
import type { SamRuntime } from './samRuntime.ts';
import type { SelfCheck } from './selfCheck.ts';

/** Overlap below which a model has not understood what it was shown. A bright disc on black is the easiest object there is. */
const SMALLEST_DICE = 0.8;

/**
 * Self-check of a model without golden files: a disc of a quarter of the frame, its box as the prompt. Wrong channels, a
 * wrong range, x and y exchanged or points in another frame all fail it; small numerical differences do not.
 */
export async function checkPhantom(runtime: SamRuntime): Promise<Result<SelfCheck>> {
  const { input, output, prompt } = runtime.manifest;
  const centre = { x: 0.4 * input.size, y: 0.55 * input.size };
  const radius = 0.125 * input.size;
  const inside = (x: number, y: number): boolean => (x - centre.x) ** 2 + (y - centre.y) ** 2 <= radius ** 2;

  const plane = new Float32Array(input.size ** 2);
  for (let index = 0; index < plane.length; index += 1) {
    plane[index] = inside(index % input.size, Math.floor(index / input.size)) ? 0.8 : 0.1;
  }
  const embedding = await runtime.encode(encoderPlanes(plane, input));
  if (!embedding.ok) return embedding;
  const mask = await runtime.decode(embedding.value, {
    points: [
      { x: centre.x - radius, y: centre.y - radius, label: 2 },
      { x: centre.x + radius, y: centre.y + radius, label: 3 },
    ],
  });
  if (!mask.ok) return mask;

  const step = input.size / output.size;
  let [both, found, truth] = [0, 0, 0];
  for (let index = 0; index < mask.value.logits.length; index += 1) {
    const [column, row] = [index % output.size, Math.floor(index / output.size)];
    const isDisc = inside((column + 0.5) * step - 0.5, (row + 0.5) * step - 0.5);
    const isMask = mask.value.logits[index]! > prompt.maskThreshold;
    both += isDisc && isMask ? 1 : 0;
    found += isMask ? 1 : 0;
    truth += isDisc ? 1 : 0;
  }
  const dice = (2 * both) / (found + truth);
  return ok({
    passed: dice >= SMALLEST_DICE,
    words: `the model has no golden output; of a test disc it found ${dice.toFixed(2)} (Dice, ${SMALLEST_DICE} needed)`,
  });
}
