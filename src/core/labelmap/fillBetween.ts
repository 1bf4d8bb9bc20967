import type { Stack } from '../geometry/stack.ts';
import { isEmptyMask, type SegmentVoxels, type SliceMask } from './labelmap.ts';
import { interpolateMasks } from './signedDistance.ts';

/**
 * The shapes between labelled slices, for every slice that lies between two of them and has none: linear interpolation of signed
 * distances (Raya and Udupa, Shape-based interpolation of multidimensional objects, IEEE TMI 9(1), 1990), by true position.
 * @returns new slices by k; empty where there is no gap. A slice on which the two shapes have nothing in common stays empty.
 */
export function fillBetween(voxels: SegmentVoxels, stack: Stack): ReadonlyMap<number, SliceMask> {
  const filled = new Map<number, SliceMask>();
  const labelled = [...voxels.keys()].sort((a, b) => a - b);
  labelled.forEach((below, index) => {
    const above = labelled[index + 1];
    const plane = stack.planes[below];
    if (above === undefined || plane === undefined) return;
    const size = { column: plane.columnSpacing, row: plane.rowSpacing };
    for (let k = below + 1; k < above; k += 1) {
      const [from, at, to] = [stack.positions[below]!, stack.positions[k]!, stack.positions[above]!];
      const share = to === from ? 0.5 : (at - from) / (to - from);
      const mask = interpolateMasks(voxels.get(below)!, voxels.get(above)!, share, plane.columns, size);
      if (!isEmptyMask(mask)) filled.set(k, mask);
    }
  });
  return filled;
}
