import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { encoderInput } from './encoderInput.ts';
import { recipeFor, windowOf } from './intensity.ts';

const window = { lower: 0, upper: 100, source: 'manifest' } as const;
const format = { channels: 3, range: [0, 1] } as const;

describe('encoderInput', () => {
  it('repeats the windowed region in every channel', () => {
    const slice = { columns: 4, rows: 4, values: Float32Array.from({ length: 16 }, (_, i) => i * 10) };
    const input = encoderInput(slice, window, { region: { centre: slicePoint(1.5, 1.5), side: 4 }, size: 4 }, format);
    const expected = Float32Array.from({ length: 16 }, (_, i) => Math.min(i / 10, 1));
    expect(input.length).toBe(48);
    for (const channel of [0, 1, 2]) expect(input.slice(channel * 16, channel * 16 + 16)).toEqual(expected);
  });

  it('is black outside the image, and full to the border inside it', () => {
    const slice = { columns: 2, rows: 2, values: Float32Array.of(100, 100, 100, 100) };
    const input = encoderInput(slice, window, { region: { centre: slicePoint(0.5, 0.5), side: 4 }, size: 8 }, format);
    const row = [0, 0, 1, 1, 1, 1, 0, 0];
    expect([...input.slice(0, 8)]).toEqual(new Array(8).fill(0));
    expect([...input.slice(24, 32)]).toEqual(row);
  });

  it('clips before it interpolates, so that metal does not outweigh its neighbour', () => {
    const slice = { columns: 2, rows: 1, values: Float32Array.of(0, 3000) };
    const frame = { region: { centre: slicePoint(0.5, 0), side: 1 }, size: 1 };
    expect(encoderInput(slice, window, frame, { channels: 1, range: [0, 1] })[0]).toBeCloseTo(0.5, 6);
  });
});

describe('the intensity window of a series', () => {
  const percentile = { kind: 'percentile', low: 0.5, high: 99.5, of: 'non-zero-voxels' } as const;
  const recipes = { CT: { kind: 'window', low: -160, high: 240 }, other: percentile } as const;

  it('is the fixed window of the manifest on CT, whatever the volume holds', () => {
    const found = windowOf(recipeFor(recipes, 'CT'), [Float32Array.of(-1000, 3000)]);
    expect(found).toEqual({ lower: -160, upper: 240, source: 'manifest' });
  });

  it('falls back to the recipe for other modalities', () => {
    expect(recipeFor(recipes, 'MR')).toBe(percentile);
    expect(recipeFor(recipes, 'NM')).toBe(percentile);
  });

  it('is one window for the whole volume, air left out', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i);
    const found = windowOf(percentile, [values, new Float32Array(5000)]);
    expect(found.lower).toBeCloseTo(1 + 0.005 * 999, 4);
    expect(found.upper).toBeCloseTo(1 + 0.995 * 999, 4);
    expect(found.source).toBe('percentile');
  });

  it('never has zero width', () => {
    for (const volume of [[new Float32Array(9)], [new Float32Array(9).fill(7)]]) {
      const { lower, upper } = windowOf(percentile, volume);
      expect(upper).toBeGreaterThan(lower);
    }
  });
});
