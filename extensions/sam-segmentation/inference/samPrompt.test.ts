import { describe, expect, it } from 'vitest';
import { samPromptTensors } from './samPrompt.ts';

describe('samPromptTensors', () => {
  it('adds the padding point only where there is no box', () => {
    const point = samPromptTensors({ points: [{ x: 3, y: 4, label: 1 }] }, 4);
    expect(point.ok && [...point.value.coords.data]).toEqual([3, 4, 0, 0]);
    expect(point.ok && [...point.value.labels.data]).toEqual([1, -1]);
    expect(point.ok && point.value.coords.dims).toEqual([1, 2, 2]);
    const box = samPromptTensors(
      {
        points: [
          { x: 1, y: 2, label: 2 },
          { x: 5, y: 6, label: 3 },
        ],
      },
      4,
    );
    expect(box.ok && [...box.value.labels.data]).toEqual([2, 3]);
  });

  it('marks whether a mask is given', () => {
    const without = samPromptTensors({ points: [{ x: 0, y: 0, label: 0 }] }, 2);
    const mask = Float32Array.of(-1, 1, 2, -2);
    const given = samPromptTensors({ points: [], maskInput: mask }, 2);
    expect(without.ok && [[...without.value.mask.data], [...without.value.hasMask.data]]).toEqual([[0, 0, 0, 0], [0]]);
    expect(given.ok && [[...given.value.mask.data], [...given.value.hasMask.data]]).toEqual([[-1, 1, 2, -2], [1]]);
  });
});
