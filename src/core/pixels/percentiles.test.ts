import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentileSteps, percentiles } from './percentiles.ts';

/** The definition, by sorting. */
function sorted(values: readonly number[], percent: number): number {
  const order = [...values].sort((a, b) => a - b);
  const place = (percent / 100) * (order.length - 1);
  const below = order[Math.floor(place)]!;
  return below + (order[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

describe('percentiles', () => {
  it('equals sorting for any float32 values, negative and tiny ones included', () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.array(float, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (values, percent) => {
          const found = percentiles([Float32Array.from(values)], [percent], 'all-voxels')?.[0];
          expect(found).toBeCloseTo(sorted(values, percent), 6);
        },
      ),
    );
  });

  it('counts a volume as one, not slice by slice', () => {
    const slices = [Float32Array.of(1, 2), Float32Array.of(3, 4, 5)];
    expect(percentiles(slices, [0, 50, 100], 'all-voxels')).toEqual([1, 3, 5]);
  });

  it('leaves zeros and NaN out when only non-zero voxels count', () => {
    const values = Float32Array.of(0, -0, Number.NaN, 10, 20, 30, 0);
    expect(percentiles([values], [0, 50, 100], 'non-zero-voxels')).toEqual([10, 20, 30]);
    expect(percentiles([Float32Array.of(0, 0)], [50], 'non-zero-voxels')).toBeUndefined();
  });

  it('reads a slice that is a view into a larger buffer', () => {
    const whole = Float32Array.of(99, 1, 2, 3, 99);
    expect(percentiles([whole.subarray(1, 4)], [100], 'all-voxels')).toEqual([3]);
  });

  it('can pause after each slice of both passes, and comes to the same', () => {
    const slices = [Float32Array.of(3, -2, 7.5), Float32Array.of(), Float32Array.of(0, 11, Number.NaN)];
    const steps = percentileSteps(slices, [10, 90], 'all-voxels');
    let pauses = 0;
    let step = steps.next();
    while (step.done !== true) {
      pauses += 1;
      step = steps.next();
    }
    expect(pauses).toBe(6);
    expect(step.value).toEqual(percentiles(slices, [10, 90], 'all-voxels'));
  });
});
