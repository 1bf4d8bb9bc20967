import { describe, expect, it } from 'vitest';
import { promptTensors } from './promptTensors.ts';
import { SAM_SIGNATURES, type SamSignature } from './samSignature.ts';

const sizes = { input: 8, output: 4 };
const box = [
  { x: 1, y: 2, label: 2 },
  { x: 5, y: 6, label: 3 },
] as const;

const tensors = (prompt: Parameters<typeof promptTensors>[0], signature: SamSignature = SAM_SIGNATURES['meta-sam']) => {
  const made = promptTensors(prompt, signature, sizes);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
};

describe('promptTensors', () => {
  it('adds the padding point only where there is no box', () => {
    const point = tensors({ points: [{ x: 3, y: 4, label: 1 }] });
    expect([...point.point_coords!.data]).toEqual([3, 4, 0, 0]);
    expect([...point.point_labels!.data]).toEqual([1, -1]);
    expect(point.point_coords!.dims).toEqual([1, 2, 2]);
    expect([...tensors({ points: box }).point_labels!.data]).toEqual([2, 3]);
  });

  it('marks whether a mask is given', () => {
    const mask = Float32Array.from({ length: 16 }, (_, index) => index);
    const without = tensors({ points: box });
    const given = tensors({ points: [], maskInput: mask });
    expect([without.mask_input!.data, [...without.has_mask_input!.data]]).toEqual([new Float32Array(16), [0]]);
    expect([given.mask_input!.data, [...given.has_mask_input!.data]]).toEqual([mask, [1]]);
  });

  it('scales points to the frame of the mask by the pixel-centre rule, and says its size in int64', () => {
    const made = tensors({ points: box }, SAM_SIGNATURES['efficient-sam']);
    expect([...made.batched_point_coords!.data]).toEqual([0.25, 0.75, 2.25, 2.75]);
    expect(made.batched_point_coords!.dims).toEqual([1, 1, 2, 2]);
    expect(made.orig_im_size!.data).toEqual(BigInt64Array.of(4n, 4n));
  });

  it('spells a box as points where the decoder knows none', () => {
    const made = tensors({ points: [...box, { x: 4, y: 4, label: 0 }] }, SAM_SIGNATURES['transformers-sam']);
    expect(made.input_labels!.data).toEqual(BigInt64Array.of(0n, 1n, 1n, 1n, 1n, 1n, 0n, 0n, 0n, 0n));
    expect([...made.input_points!.data.slice(2, 6)]).toEqual([3, 4, 4, 4]);
  });

  it.each([
    [{ points: [] }, 'neither points nor a mask'],
    [{ points: [box[0]] }, 'exactly two corners'],
    [{ points: [{ x: Number.NaN, y: 0, label: 1 as const }] }, 'not a number'],
    [{ points: [], maskInput: new Float32Array(3) }, '3 values instead of 16'],
  ])('refuses %j', (prompt, reason) => {
    const made = promptTensors(prompt, SAM_SIGNATURES['meta-sam'], sizes);
    expect(!made.ok && made.error).toMatchObject({ code: 'bad-model-input', message: expect.stringContaining(reason) });
  });
});
