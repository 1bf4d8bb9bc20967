import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import type { Preview } from '#extension-api';

/** Display label of the segment at `position` in the list: 1..254, so that a byte per pixel holds it. */
export const displayLabel = (position: number): number => (position % 254) + 1;

/** The masks that make up slice k, by display label, in drawing order (later ones on top); hidden segments are left out. */
export type SliceLayers = readonly (readonly [label: number, mask: SliceMask])[];

/** A mask in the making: it stands for one segment's mask on one slice until the stroke is done. */
export interface StrokeInProgress {
  /** `pending`: the work that is shown as the preview. */
  readonly segment: number | 'pending';
  readonly k: number;
  readonly mask: SliceMask;
}

/** @param instead a preview that stands for a segment on some slices, where that is left out */
export function layersOfSlice(
  labelmap: Labelmap,
  k: number,
  stroke?: StrokeInProgress,
  instead?: Preview['instead'],
): SliceLayers {
  const layers: (readonly [number, SliceMask])[] = [];
  labelmap.segments.forEach((segment, position) => {
    if (instead?.segment === segment.number && instead.slices.has(k)) return;
    const own = labelmap.voxels.get(segment.number)?.get(k);
    const mask = stroke?.segment === segment.number && stroke.k === k ? stroke.mask : own;
    if (segment.visible && mask !== undefined) layers.push([displayLabel(position), mask]);
  });
  return layers;
}

/** Slices on which any visible segment has voxels. */
export function occupiedSlices(labelmap: Labelmap): ReadonlySet<number> {
  const slices = new Set<number>();
  for (const segment of labelmap.segments) {
    if (segment.visible) for (const k of labelmap.voxels.get(segment.number)?.keys() ?? []) slices.add(k);
  }
  return slices;
}

/** Whether two slices show the same: masks are compared by identity, because they are never changed in place. */
export const sameLayers = (a: SliceLayers, b: SliceLayers): boolean =>
  a.length === b.length && a.every(([label, mask], index) => label === b[index]![0] && mask === b[index]![1]);

/** Writes the layers into a slice of display labels; 0 where there is none. */
export function writeLayers(layers: SliceLayers, into: Uint8Array): void {
  into.fill(0);
  for (const [label, mask] of layers) {
    for (let index = 0; index < mask.length; index += 1) if (mask[index] === 1) into[index] = label;
  }
}
