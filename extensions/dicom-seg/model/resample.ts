import { items, number } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { distanceToPlane, type ImagePlane, patientToSlice, sliceToPatient } from '#core/geometry/imagePlane.ts';
import { type Stack, stackOf } from '#core/geometry/stack.ts';
import { dot } from '#core/geometry/vector.ts';
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
  const reach = frameDepth(decoded, stack, series) / 2;
  const bySegment = new Map<number, readonly (SliceMask | undefined)[]>();
  for (const { number: segment } of decoded.segments) {
    const own = masks.filter(({ segmentNumber }) => segmentNumber === segment);
    bySegment.set(
      segment,
      stack.planes.map((plane) => own.find(({ frame }) => samePlace(frame.plane!, plane))?.mask),
    );
  }
  const size = sizeOf(series);
  const voxels = new Map<number, Map<number, SliceMask>>();
  series.stack.planes.forEach((target, k) => {
    for (const [segment, slices] of bySegment) {
      const mask = sampledSlice(target, stack, slices, reach);
      if (mask === undefined) continue;
      voxels.set(segment, (voxels.get(segment) ?? new Map<number, SliceMask>()).set(k, mask));
    }
  });
  return ok({ size, segments: decoded.segments, voxels });
}

/**
 * How far one frame reaches along the normal, mm: as stated, else the smallest distance of two frames. Frames without voxels are
 * left out of most objects, so a distance far above the thickness says only that some are missing.
 */
function frameDepth({ dataset }: DecodedSegmentation, { positions }: Stack, series: ImageSeries): number {
  const group = (tag: string) => items(items(dataset, tag)[0] ?? {}, Tag.PixelMeasuresSequence)[0];
  const measures = group(Tag.PerFrameFunctionalGroupsSequence) ?? group(Tag.SharedFunctionalGroupsSequence) ?? {};
  const stated = positive(number(measures, Tag.SpacingBetweenSlices));
  if (stated !== undefined) return stated;
  const thickness = positive(number(measures, Tag.SliceThickness));
  const gaps = positions.slice(1).map((position, index) => position - positions[index]!);
  const gap = gaps.length === 0 ? undefined : Math.min(...gaps);
  if (gap !== undefined && (thickness === undefined || gap <= 1.5 * thickness)) return gap;
  return thickness ?? series.stack.sliceSpacing ?? 1;
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

function sampledSlice(
  target: ImagePlane,
  stack: Stack,
  slices: readonly (SliceMask | undefined)[],
  reach: number,
): SliceMask | undefined {
  const { columns, rows } = target;
  const base = dot(target.position, stack.normal);
  const alongRow = dot(target.rowDirection, stack.normal) * target.columnSpacing;
  const alongColumn = dot(target.columnDirection, stack.normal) * target.rowSpacing;
  const maps: PixelMap[] = [];
  let mask: SliceMask | undefined;
  for (let y = 0; y < rows; y += 1) {
    const start = base + y * alongColumn;
    if (isBeyond(stack, reach, start, start + (columns - 1) * alongRow)) continue;
    for (let x = 0; x < columns; x += 1) {
      const source = nearestMask(stack.positions, slices, start + x * alongRow, reach);
      if (source === -1) continue;
      const plane = stack.planes[source]!;
      maps[source] ??= pixelMap(target, plane);
      const { x0, y0, xi, yi, xj, yj } = maps[source];
      const column = Math.round(x0 + x * xi + y * xj);
      const row = Math.round(y0 + x * yi + y * yj);
      if (column < 0 || row < 0 || column >= plane.columns || row >= plane.rows) continue;
      if (slices[source]![row * plane.columns + column] === 0) continue;
      mask ??= new Uint8Array(columns * rows);
      mask[y * columns + x] = 1;
    }
  }
  return mask;
}

/** Whether nothing between two positions along the normal is within reach of any frame. */
function isBeyond({ positions }: Stack, reach: number, from: number, to: number): boolean {
  const margin = reach + 1e-6;
  return Math.max(from, to) < positions[0]! - margin || Math.min(from, to) > positions.at(-1)! + margin;
}

/** The frame with a mask that is nearest to a position along the normal, -1 where none is within reach. @param positions ascending */
function nearestMask(
  positions: readonly number[],
  slices: readonly (SliceMask | undefined)[],
  at: number,
  reach: number,
): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (positions[middle]! < at) low = middle + 1;
    else high = middle;
  }
  let nearest = -1;
  let least = reach + 1e-6;
  for (let s = Math.max(0, low - 1); s <= Math.min(positions.length - 1, low); s += 1) {
    const distance = Math.abs(positions[s]! - at);
    if (slices[s] === undefined || distance >= least) continue;
    least = distance;
    nearest = s;
  }
  return nearest;
}

/** Pixel (x, y) of one plane, projected on another: column x0 + x * xi + y * xj, row y0 + x * yi + y * yj. */
type PixelMap = Readonly<Record<'x0' | 'y0' | 'xi' | 'yi' | 'xj' | 'yj', number>>;

function pixelMap(from: ImagePlane, to: ImagePlane): PixelMap {
  const at = (x: number, y: number) => patientToSlice(to, sliceToPatient(from, slicePoint(x, y)));
  const [x0, y0] = at(0, 0);
  const right = at(1, 0);
  const down = at(0, 1);
  return { x0, y0, xi: right[0] - x0, yi: right[1] - y0, xj: down[0] - x0, yj: down[1] - y0 };
}

const samePlace = (a: ImagePlane, b: ImagePlane): boolean => Math.abs(distanceToPlane(a, b.position)) < 1e-3;

function distinctPositions(planes: readonly ImagePlane[]): readonly ImagePlane[] {
  const distinct: ImagePlane[] = [];
  for (const plane of planes) if (!distinct.some((other) => samePlace(other, plane))) distinct.push(plane);
  return distinct;
}
