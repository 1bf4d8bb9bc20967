import { describe, expect, it } from 'vitest';
import { patientPoint, type Vector3 } from './coordinates.ts';
import type { ImagePlane } from './imagePlane.ts';
import { parallelShift } from './parallelShift.ts';
import { stackOf } from './stack.ts';

const AXIAL = { row: [1, 0, 0], column: [0, 1, 0] } as const;

function stack(
  origin: Vector3,
  spacing: number,
  { row, column }: { readonly row: Vector3; readonly column: Vector3 } = AXIAL,
  gaps = [3, 3, 3],
) {
  let z = 0;
  const planes: ImagePlane[] = [0, ...gaps].map((gap) => {
    z += gap;
    return {
      rows: 10,
      columns: 12,
      rowSpacing: spacing,
      columnSpacing: spacing,
      position: patientPoint(origin[0], origin[1], origin[2] + z),
      rowDirection: row,
      columnDirection: column,
    };
  });
  return stackOf(planes);
}

describe('the shift between parallel stacks', () => {
  it('brings a place of one to the same place of the other, whatever the pixels measure', () => {
    const [ct, pet] = [stack([-100, -80, 5], 1), stack([-110, -60, -40], 4)];
    // 7 mm along the row of the CT is at -93; in the PET that is 17 mm from its first pixel.
    expect(parallelShift(ct, pet)).toEqual({ x: 10, y: -20 });
    expect(parallelShift(pet, ct)).toEqual({ x: -10, y: 20 });
  });

  it('is measured along the axes of the image, not of the patient', () => {
    const prone = { row: [-1, 0, 0], column: [0, -1, 0] } as const;
    expect(parallelShift(stack([50, 0, 0], 1, prone), stack([40, 5, 0], 1, prone))).toEqual({ x: -10, y: 5 });
  });

  it('is none where the axes run otherwise, or where a stack is no grid', () => {
    const turned = { row: [0, 1, 0], column: [-1, 0, 0] } as const;
    const mirrored = { row: [-1, 0, 0], column: [0, -1, 0] } as const;
    const tilted = { row: [Math.cos(0.01), Math.sin(0.01), 0], column: [-Math.sin(0.01), Math.cos(0.01), 0] } as const;
    const first = stack([0, 0, 0], 1);
    for (const axes of [turned, mirrored, tilted])
      expect(parallelShift(first, stack([0, 0, 0], 1, axes))).toBeUndefined();
    expect(parallelShift(first, stack([0, 0, 0], 1, AXIAL, [3, 6, 3]))).toBeUndefined();
  });
});
