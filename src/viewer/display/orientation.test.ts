import { describe, expect, it } from 'vitest';
import { directionLetters, edgeLetters } from './orientation.ts';
import { slotsOfLayout } from './reformats.ts';

describe('letters at the edges', () => {
  it('puts the right side of a supine patient at the left of an axial slice', () => {
    expect(edgeLetters([1, 0, 0], [0, 1, 0])).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });

  it('has the head at the top of a coronal slice', () => {
    expect(edgeLetters([1, 0, 0], [0, 0, -1])).toMatchObject({ top: 'H', bottom: 'F' });
  });

  it('names both components of an oblique direction, the larger first', () => {
    expect(directionLetters([0, 0.6, -0.8])).toBe('FP');
  });

  it('leaves out a component that is only a tilt of a few degrees', () => {
    expect(directionLetters([0.999, 0.04, 0])).toBe('L');
  });
});

describe('the reformats of a layout', () => {
  it('leaves out the reformat that would repeat a slightly oblique axial acquisition', () => {
    expect(slotsOfLayout('mpr', [0.004, 0.036, 0.999])).toEqual(['acquisition', 'coronal', 'sagittal']);
  });

  it('leaves out the sagittal one for a sagittal acquisition, whichever way its normal points', () => {
    expect(slotsOfLayout('mpr', [-1, 0, 0])).toEqual(['acquisition', 'axial', 'coronal']);
  });

  it('shows all three for a double oblique acquisition', () => {
    expect(slotsOfLayout('mpr', [0.577, 0.577, 0.577])).toHaveLength(4);
  });
});
