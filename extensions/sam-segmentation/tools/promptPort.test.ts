import { describe, expect, it } from 'vitest';
import { patientPoint, slicePoint, type Vector3 } from '#core/geometry/coordinates.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { normalize } from '#core/geometry/vector.ts';
import { locate, placed, showsAcquisitionPlane } from './promptPort.ts';

const right = normalize([1, 0.02, -0.04]);
const down = normalize([-0.02, 1, 0]);

/** An oblique stack with pixels that are not square, scanned from head to feet. */
const stack = stackOf(
  Array.from({ length: 6 }, (_, index) => ({
    rows: 50,
    columns: 40,
    rowSpacing: 0.8,
    columnSpacing: 0.5,
    position: patientPoint(-10 + 0.1 * index, 7, 30 - 5 * index),
    rowDirection: right,
    columnDirection: normalize([
      down[0] - right[0] * (right[0] * down[0] + right[1] * down[1] + right[2] * down[2]),
      down[1] - right[1] * (right[0] * down[0] + right[1] * down[1] + right[2] * down[2]),
      down[2] - right[2] * (right[0] * down[0] + right[1] * down[1] + right[2] * down[2]),
    ] as Vector3),
  })),
);

describe('where a gesture lands', () => {
  it.each([0, 2, 5])('finds slice %i and the pixel again, to the last digit that matters', (k) => {
    const found = locate(stack, placed(stack, k, slicePoint(12.25, 33.5)));
    expect(found?.k).toBe(k);
    expect(found?.at[0]).toBeCloseTo(12.25, 9);
    expect(found?.at[1]).toBeCloseTo(33.5, 9);
  });

  it('lies nowhere beyond the stack', () => {
    const [x, y, z] = placed(stack, 5, slicePoint(3, 3));
    expect(locate(stack, [x, y, z + 40])).toBeUndefined();
  });

  it('may be a prompt only in the plane of acquisition, from either side', () => {
    const [a, b, c] = stack.normal;
    expect(showsAcquisitionPlane(stack, [a, b, c])).toBe(true);
    expect(showsAcquisitionPlane(stack, [-a, -b, -c])).toBe(true);
    expect(showsAcquisitionPlane(stack, [0, 1, 0])).toBe(false);
    expect(showsAcquisitionPlane(stack, normalize([a + 0.1, b, c]))).toBe(false);
  });
});
