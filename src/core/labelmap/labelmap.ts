import type { Segment } from './segment.ts';

/**
 * Voxels of one segment on one slice: 0 or 1 for each pixel, index = j * columns + i. Treated as immutable: whoever changes a
 * slice makes a new array.
 */
export type SliceMask = Uint8Array;

/** Voxels of one segment by slice index k; a slice without voxels is absent. */
export type SegmentVoxels = ReadonlyMap<number, SliceMask>;

/** Matrix of the labelmap: that of the image series it belongs to. */
export interface LabelmapSize {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
}

/**
 * Segments of one series. Each has its own voxels, so they may overlap, empty slices cost nothing, and a segment's frames are
 * what DICOM SEG stores. Immutable: a change makes a new labelmap that shares every slice it did not touch.
 */
export interface Labelmap {
  readonly size: LabelmapSize;
  /** In display order; later ones are drawn on top. */
  readonly segments: readonly Segment[];
  readonly voxels: ReadonlyMap<number, SegmentVoxels>;
}

export const emptyLabelmap = (size: LabelmapSize): Labelmap => ({ size, segments: [], voxels: new Map() });

export const segmentByNumber = (labelmap: Labelmap, number: number): Segment | undefined =>
  labelmap.segments.find((segment) => segment.number === number);

export const voxelsOf = (labelmap: Labelmap, number: number): SegmentVoxels => labelmap.voxels.get(number) ?? new Map();

/** The lowest free segment number. */
export function nextSegmentNumber(labelmap: Labelmap): number {
  const used = new Set(labelmap.segments.map((segment) => segment.number));
  let number = 1;
  while (used.has(number)) number += 1;
  return number;
}

export const isEmptyMask = (mask: SliceMask): boolean => !mask.includes(1);

/** Label by pixel for one slice (later segments on top); 0 where none. `into` is overwritten. */
export function composeSlice(labelmap: Labelmap, k: number, into: Uint8Array | Uint16Array): void {
  into.fill(0);
  for (const { number } of labelmap.segments) {
    const mask = labelmap.voxels.get(number)?.get(k);
    if (mask === undefined) continue;
    for (let index = 0; index < mask.length; index += 1) if (mask[index] === 1) into[index] = number;
  }
}
