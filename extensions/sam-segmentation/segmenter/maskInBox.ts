import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { fillHoles, keepOverlapping } from '../mask/components.ts';
import { pacer } from './pacer.ts';

/**
 * The parts of a mask that reach into the box, whole and without holes: what a model's answer to a box comes to.
 * @param mask row-major, `columns` pixels a row; not changed
 */
export async function maskInBox(mask: SliceMask, box: SliceBox, columns: number): Promise<SliceMask> {
  const pause = pacer();
  const filled = fillHoles(mask, columns);
  await pause();
  const kept = keepOverlapping(filled, columns, { box });
  await pause();
  return kept;
}
