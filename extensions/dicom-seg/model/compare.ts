import { type AppError, appError } from '#core/errors.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';

/**
 * Compares two labelmaps voxel by voxel; segments are the same when their tracking UIDs are, whatever their numbers. Segments
 * without voxels need no counterpart.
 * @returns the voxels compared, or `voxels-differ` with the count of the first segment that does
 */
export function compareLabelmaps(expected: Labelmap, actual: Labelmap): Result<{ readonly comparedVoxels: number }> {
  const { columns, rows, slices } = expected.size;
  if (actual.size.columns !== columns || actual.size.rows !== rows || actual.size.slices !== slices) {
    return err(appError('voxels-differ', 'The segmentation was read back in another size.'));
  }
  const numberOf = new Map(actual.segments.map(({ trackingUid, number }) => [trackingUid, number]));
  let compared = 0;
  for (const { number, trackingUid, label } of expected.segments) {
    const voxels = expected.voxels.get(number);
    if (voxels === undefined) continue;
    const other = actual.voxels.get(numberOf.get(trackingUid) ?? -1);
    for (let k = 0; k < slices; k += 1) {
      const differing = differences(voxels.get(k), other?.get(k));
      if (differing > 0) return err(differ(label, k, differing));
    }
    compared += columns * rows * slices;
  }
  const surplus = actual.segments.find(
    ({ number, trackingUid }) =>
      actual.voxels.has(number) && !expected.segments.some((segment) => segment.trackingUid === trackingUid),
  );
  return surplus === undefined ? ok({ comparedVoxels: compared }) : err(differ(surplus.label, -1, 0));
}

function differences(a: SliceMask | undefined, b: SliceMask | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return (a ?? b)!.reduce((sum, value) => sum + value, 0);
  if (a.length !== b.length) return Math.max(a.length, b.length);
  let count = 0;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) count += 1;
  return count;
}

const differ = (segment: string, k: number, voxels: number): AppError =>
  appError('voxels-differ', 'The segmentation that was written does not read back as it was.', {
    remedy: 'Nothing was sent and your work is still here; please report this.',
    context: { segment, slice: k, voxels },
  });
