import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { appError } from '#core/errors.ts';
import { type SlicePoint, slicePoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, type ImagePlane, patientToSlice, sliceToPatient } from '#core/geometry/imagePlane.ts';
import { stackOf } from '#core/geometry/stack.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedSegmentation } from './decoded.ts';
import type { FrameMask } from './frameMasks.ts';
import { sizeOf } from './seriesSize.ts';

/**
 * Nearest-neighbour resampling on the slices of a series: each voxel takes the value of the object's voxel that holds its centre.
 * @returns errors `no-position`, `other-grid` where the frames of the object do not form one stack
 */
export function resampled(
  decoded: DecodedSegmentation,
  series: ImageSeries,
  masks: readonly FrameMask[],
): Result<Labelmap> {
  const planes = decoded.frames.flatMap(({ plane }) => (plane === undefined ? [] : [plane]));
  if (planes.length !== decoded.frames.length)
    return err(appError('no-position', 'Frames of the segmentation have no position.'));
  const stack = stackOf(distinctPositions(planes));
  if (stack.use === 'view') return err(appError('other-grid', 'The frames of the segmentation do not form one stack.'));
  const reach = (stack.sliceSpacing ?? series.stack.sliceSpacing ?? 1) / 2;
  const bySegment = new Map<number, readonly (SliceMask | undefined)[]>();
  for (const { number } of decoded.segments) {
    const own = masks.filter(({ segmentNumber }) => segmentNumber === number);
    bySegment.set(
      number,
      stack.planes.map((plane) => own.find(({ frame }) => samePlace(frame.plane!, plane))?.mask),
    );
  }
  const size = sizeOf(series);
  const voxels = new Map<number, Map<number, SliceMask>>();
  series.stack.planes.forEach((target, k) => {
    const sampler = samplerOf(target, stack.planes, reach);
    for (const [number, slices] of bySegment) {
      const mask = sampler(slices, size.columns, size.rows);
      if (mask === undefined) continue;
      voxels.set(number, (voxels.get(number) ?? new Map<number, SliceMask>()).set(k, mask));
    }
  });
  return ok({ size, segments: decoded.segments, voxels });
}

type Sampler = (slices: readonly (SliceMask | undefined)[], columns: number, rows: number) => SliceMask | undefined;

function samplerOf(target: ImagePlane, sources: readonly ImagePlane[], reach: number): Sampler {
  return (slices, columns, rows) => {
    let mask: SliceMask | undefined;
    for (let index = 0; index < columns * rows; index += 1) {
      const column = index % columns;
      const point = sliceToPatient(target, slicePoint(column, (index - column) / columns));
      let nearest = -1;
      let least = reach + 1e-6;
      for (let s = 0; s < sources.length; s += 1) {
        if (slices[s] === undefined) continue;
        const distance = Math.abs(distanceToPlane(sources[s]!, point));
        if (distance < least) {
          least = distance;
          nearest = s;
        }
      }
      if (
        nearest === -1 ||
        valueAt(slices[nearest]!, sources[nearest]!, patientToSlice(sources[nearest]!, point)) === 0
      )
        continue;
      mask ??= new Uint8Array(columns * rows);
      mask[index] = 1;
    }
    return mask;
  };
}

function valueAt(mask: SliceMask, plane: ImagePlane, [x, y]: SlicePoint): number {
  const column = Math.round(x);
  const row = Math.round(y);
  const inside = column >= 0 && row >= 0 && column < plane.columns && row < plane.rows;
  return inside ? mask[row * plane.columns + column]! : 0;
}

const samePlace = (a: ImagePlane, b: ImagePlane): boolean => Math.abs(distanceToPlane(a, b.position)) < 1e-3;

function distinctPositions(planes: readonly ImagePlane[]): readonly ImagePlane[] {
  const distinct: ImagePlane[] = [];
  for (const plane of planes) if (!distinct.some((other) => samePlace(other, plane))) distinct.push(plane);
  return distinct;
}
