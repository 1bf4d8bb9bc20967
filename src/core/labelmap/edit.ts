import type { Code } from '../terminology/code.ts';
import type { Labelmap, SegmentVoxels, SliceMask } from './labelmap.ts';
import { isEmptyMask } from './labelmap.ts';
import type { Segment } from './segment.ts';

/** Adds a segment at the end of the list; its number must be free. */
export function withSegment(labelmap: Labelmap, segment: Segment): Labelmap {
  if (labelmap.segments.some(({ number }) => number === segment.number)) {
    throw new Error(`Segment number ${segment.number} is taken`);
  }
  return { ...labelmap, segments: [...labelmap.segments, segment] };
}

/** Replaces what is said of a segment; its voxels stay. */
export const withSegmentChanged = (
  labelmap: Labelmap,
  number: number,
  change: Partial<Omit<Segment, 'number'>>,
): Labelmap => ({
  ...labelmap,
  segments: labelmap.segments.map((segment) => (segment.number === number ? { ...segment, ...change } : segment)),
});

/** Says on which side a segment lies, or that nothing is said. */
export const withLaterality = (labelmap: Labelmap, number: number, laterality: Code | undefined): Labelmap => ({
  ...labelmap,
  segments: labelmap.segments.map((segment) => {
    if (segment.number !== number) return segment;
    const { laterality: _, ...rest } = segment;
    return laterality === undefined ? rest : { ...rest, laterality };
  }),
});

/** Removes a segment with its voxels. */
export function withoutSegment(labelmap: Labelmap, number: number): Labelmap {
  const voxels = new Map(labelmap.voxels);
  voxels.delete(number);
  return { ...labelmap, segments: labelmap.segments.filter((segment) => segment.number !== number), voxels };
}

/** Adds a copy of a segment's voxels under a segment of its own; the two then overlap everywhere. */
export function withDuplicate(labelmap: Labelmap, number: number, copy: Segment): Labelmap {
  const added = withSegment(labelmap, copy);
  const own = labelmap.voxels.get(number);
  return own === undefined ? added : { ...added, voxels: new Map(added.voxels).set(copy.number, own) };
}

/** Gives one segment's voxels to another, which keeps its name and meaning; the first is gone. */
export function withMerged(labelmap: Labelmap, from: number, into: number): Labelmap {
  if (from === into) return labelmap;
  const merged = new Map(labelmap.voxels.get(into));
  for (const [k, mask] of labelmap.voxels.get(from) ?? []) {
    const own = merged.get(k);
    merged.set(k, own === undefined ? mask : own.map((value, index) => value | mask[index]!));
  }
  const rest = withoutSegment(labelmap, from);
  return merged.size === 0 ? rest : { ...rest, voxels: new Map<number, SegmentVoxels>(rest.voxels).set(into, merged) };
}

/** What happens where a mask meets voxels of other segments. */
export type OverlapRule = 'keep-others' | 'allow-overlap';

/**
 * Replaces slices of one segment. Under 'keep-others' voxels that another segment holds are left out of the mask.
 * @param slices new mask by k; an all-zero mask clears the slice
 */
export function withSlices(
  labelmap: Labelmap,
  number: number,
  slices: ReadonlyMap<number, SliceMask>,
  rule: OverlapRule = 'keep-others',
): Labelmap {
  const own = new Map(labelmap.voxels.get(number));
  for (const [k, mask] of slices) {
    const kept = rule === 'keep-others' ? withoutOthers(labelmap, number, k, mask) : mask;
    if (isEmptyMask(kept)) own.delete(k);
    else own.set(k, kept);
  }
  const voxels = new Map<number, SegmentVoxels>(labelmap.voxels);
  if (own.size === 0) voxels.delete(number);
  else voxels.set(number, own);
  return { ...labelmap, voxels };
}

function withoutOthers(labelmap: Labelmap, number: number, k: number, mask: SliceMask): SliceMask {
  let kept = mask;
  for (const [other, slices] of labelmap.voxels) {
    const taken = other === number ? undefined : slices.get(k);
    if (taken === undefined) continue;
    if (kept === mask) kept = mask.slice();
    for (let index = taken.indexOf(1); index >= 0; index = taken.indexOf(1, index + 1)) kept[index] = 0;
  }
  return kept;
}
