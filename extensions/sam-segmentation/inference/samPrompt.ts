import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { TensorValue } from './backends/backend.ts';
import type { DecoderPrompt } from './model.ts';

/** The four prompt tensors of a Segment Anything decoder. */
export interface PromptTensors {
  /** [1, n, 2], x then y. */
  readonly coords: TensorValue;
  /** [1, n] */
  readonly labels: TensorValue;
  /** [1, 1, size, size], zeros where there is none. */
  readonly mask: TensorValue;
  /** [1], 0 or 1 */
  readonly hasMask: TensorValue;
}

/**
 * Encodes a prompt as Segment Anything's ONNX decoder wants it (facebookresearch/segment-anything, onnx_model_example):
 * box corners are points with labels 2 and 3; without a box a padding point (0, 0) with label -1 is added.
 *
 * @param size width and height of the mask input, px
 * @returns `bad-model-input` for an empty prompt, half a box, a coordinate that is no number, or a mask of another size
 */
export function samPromptTensors(prompt: DecoderPrompt, size: number): Result<PromptTensors> {
  const { points, maskInput } = prompt;
  const firstCorners = points.filter(({ label }) => label === 2).length;
  const secondCorners = points.filter(({ label }) => label === 3).length;
  if (points.length === 0 && maskInput === undefined) return err(badPrompt('it has neither points nor a mask'));
  if (firstCorners !== secondCorners || firstCorners > 1) return err(badPrompt('a box needs exactly two corners'));
  if (points.some(({ x, y }) => !Number.isFinite(x) || !Number.isFinite(y))) {
    return err(badPrompt('a coordinate is not a number'));
  }
  if (maskInput !== undefined && maskInput.length !== size * size) {
    return err(badPrompt(`its mask has ${maskInput.length} values instead of ${size * size}`));
  }
  const padding = firstCorners === 0 ? [{ x: 0, y: 0, label: -1 }] : [];
  const all = [...points, ...padding];
  return ok({
    coords: { data: Float32Array.from(all.flatMap(({ x, y }) => [x, y])), dims: [1, all.length, 2] },
    labels: { data: Float32Array.from(all, ({ label }) => label), dims: [1, all.length] },
    mask: { data: maskInput ?? new Float32Array(size * size), dims: [1, 1, size, size] },
    hasMask: { data: Float32Array.of(maskInput === undefined ? 0 : 1), dims: [1] },
  });
}

const badPrompt = (what: string): AppError => appError('bad-model-input', `The prompt cannot be used: ${what}.`);
