import { describe, expect, it } from 'vitest';
import { applyWindow } from './applyWindow.ts';
import { axisSamples, resampleBilinear } from './resample.ts';

describe('resampleBilinear', () => {
  it('gives the pixels back on their own grid', () => {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const same = resampleBilinear(values, 3, axisSamples(3, 0, 1, 3), axisSamples(2, 0, 1, 2), -1);
    expect(same).toEqual(values);
  });

  it('doubles a row by the pixel-centre rule, the border clamped, not faded', () => {
    const doubled = resampleBilinear(
      Float32Array.of(0, 8),
      2,
      axisSamples(4, -0.25, 0.5, 2),
      axisSamples(1, 0, 1, 1),
      -1,
    );
    expect([...doubled]).toEqual([0, 2, 6, 8]);
  });

  it('gives the outside value beyond half a pixel from the border', () => {
    const { inside } = axisSamples(5, -1, 0.5, 2);
    expect([...inside]).toEqual([0, 1, 1, 1, 1]);
    const row = resampleBilinear(Float32Array.of(5, 5), 2, axisSamples(5, -1, 0.5, 2), axisSamples(1, 0, 1, 1), -1);
    expect([...row]).toEqual([-1, 5, 5, 5, 5]);
  });
});

describe('applyWindow', () => {
  it('maps the window to 0..1, clips beyond it, and takes what is not a number as black', () => {
    const window = { lower: -160, upper: 240, source: 'manifest' } as const;
    const seen = applyWindow(Float32Array.of(-1000, -160, 40, 240, 3000, Number.NaN), window);
    expect([...seen]).toEqual([0, 0, 0.5, 1, 1, 0]);
  });
});
