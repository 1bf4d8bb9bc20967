import type { Stack } from '../geometry/stack.ts';
import type { SegmentVoxels, SliceMask } from './labelmap.ts';

/** Pixels of a mask that are set. */
export function pixelCount(mask: SliceMask): number {
  let count = 0;
  for (let index = 0; index < mask.length; index += 1) count += mask[index]!;
  return count;
}

/**
 * Volume of a segment, mm³: area of each slice times the part of the stack it stands for. Between two labelled neighbours that is
 * half of their true distance, so uneven spacing and missing slices are counted as they lie; where the segment ends it is half of
 * the usual distance, so that a gap beyond the segment is not filled.
 * @param count may remember what it has counted
 * @returns undefined where the series has no slice distance (one slice) or the slices have no single order (use 'view')
 */
export function segmentVolume(voxels: SegmentVoxels, stack: Stack, count = pixelCount): number | undefined {
  const usual = stack.sliceSpacing;
  if (usual === undefined || stack.use === 'view') return undefined;
  const half = (k: number, neighbour: number): number => {
    if (!voxels.has(neighbour)) return usual / 2;
    return Math.abs(stack.positions[neighbour]! - stack.positions[k]!) / 2;
  };
  let volume = 0;
  for (const [k, mask] of voxels) {
    const plane = stack.planes[k];
    if (plane === undefined) continue;
    const area = count(mask) * plane.rowSpacing * plane.columnSpacing;
    volume += area * (half(k, k - 1) + half(k, k + 1));
  }
  return volume;
}

/** Where a segment lies in the stack, by slice index k. */
export interface SegmentExtent {
  readonly slices: number;
  readonly first: number;
  readonly last: number;
  /** The slice with the most pixels; the lowest one of equals. */
  readonly largest: number;
}

/** @returns undefined for a segment without voxels */
export function segmentExtent(voxels: SegmentVoxels, count = pixelCount): SegmentExtent | undefined {
  const indices = [...voxels.keys()].sort((a, b) => a - b);
  const first = indices[0];
  const last = indices.at(-1);
  if (first === undefined || last === undefined) return undefined;
  let largest = first;
  let most = -1;
  for (const k of indices) {
    const pixels = count(voxels.get(k)!);
    if (pixels > most) [most, largest] = [pixels, k];
  }
  return { slices: indices.length, first, last, largest };
}
