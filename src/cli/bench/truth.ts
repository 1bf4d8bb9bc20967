import { appError } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { displacement, dot, length } from '#core/geometry/vector.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import { maskBox } from '../../../extensions/sam-segmentation/node.ts';
import type { Volume } from './volume.ts';

/** The expert's lesion on the slices of the series. */
export interface Truth {
  readonly masks: ReadonlyMap<number, SliceMask>;
  /** Tight boxes of the slices with lesion. */
  readonly boxes: ReadonlyMap<number, SliceBox>;
  readonly first: number;
  readonly last: number;
}

/** Largest distance between a corner of the mask's grid and of the image's, mm. */
const SAME_GRID_MM = 0.05;

/**
 * Lays a mask volume on a stack. The two grids must coincide: a mask that is flipped or shifted is refused, never resampled.
 * @returns errors `mask-grid-differs`, `empty-mask`
 */
export function truthOn({ grid, values }: Volume, stack: Stack): Result<Truth> {
  const plane = stack.planes[0]!;
  const size = grid.columns === plane.columns && grid.rows === plane.rows && grid.slices === stack.planes.length;
  const turned =
    dot(grid.directions[0], plane.rowDirection) < 0.999 ||
    dot(grid.directions[1], plane.columnDirection) < 0.999 ||
    dot(grid.directions[2], stack.normal) < 0.999;
  const extent = stack.positions[stack.positions.length - 1]! - stack.positions[0]!;
  const drift = [
    length(displacement(grid.origin, plane.position)),
    Math.abs(grid.spacing[0] - plane.columnSpacing) * grid.columns,
    Math.abs(grid.spacing[1] - plane.rowSpacing) * grid.rows,
    Math.abs(grid.spacing[2] * (grid.slices - 1) - extent),
  ];
  if (!size || turned || Math.max(...drift) > SAME_GRID_MM) {
    return err(
      appError('mask-grid-differs', 'The mask does not lie on the grid of the images.', {
        context: { largestMm: Math.max(...drift) },
      }),
    );
  }
  return truthOf({ grid, values });
}

/** The slices of a mask volume; every label counts. @returns error `empty-mask` */
export function truthOf({ grid, values }: Volume): Result<Truth> {
  const masks = new Map<number, SliceMask>();
  const boxes = new Map<number, SliceBox>();
  const pixels = grid.columns * grid.rows;
  for (let k = 0; k < grid.slices; k += 1) {
    const mask = Uint8Array.from(values.subarray(k * pixels, (k + 1) * pixels), (value) => (value > 0 ? 1 : 0));
    const box = maskBox(mask, grid.columns);
    if (box === undefined) continue;
    masks.set(k, mask);
    boxes.set(k, box);
  }
  if (masks.size === 0) return err(appError('empty-mask', 'The mask holds no lesion.'));
  return ok({ masks, boxes, first: Math.min(...masks.keys()), last: Math.max(...masks.keys()) });
}
