import { describe, expect, it } from 'vitest';
import { edgeLetters, orientationLetters } from './orientationLetters.ts';

describe('orientation letters', () => {
  it('put the patient right on the left of a standard axial image', () => {
    expect(edgeLetters([1, 0, 0], [0, 1, 0])).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });

  it('put the head at the top of a sagittal acquisition', () => {
    expect(edgeLetters([0, 1, 0], [0, 0, -1])).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
  });

  it('name two axes of an oblique direction, the stronger first, and ignore a slight one', () => {
    expect(orientationLetters([0.5, -0.86, 0.05])).toBe('AL');
    expect(orientationLetters([0.999, 0.036, 0.004])).toBe('L');
  });
});
