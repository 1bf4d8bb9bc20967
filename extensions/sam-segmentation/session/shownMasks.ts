import { withSlices } from '#core/labelmap/edit.ts';
import type { Labelmap, SegmentVoxels, SliceMask } from '#core/labelmap/labelmap.ts';
import type { Lesion, SliceResult } from './sessionState.ts';

const NONE: ReadonlyMap<number, SliceResult> = new Map();

/** What the lesion looks like now, by slice: keyframes over cells. */
export function lesionResults(lesion: Lesion): ReadonlyMap<number, SliceResult> {
  if (lesion.phase === 'idle' || lesion.phase === 'accepted' || lesion.phase === 'rejected') return NONE;
  const results = new Map<number, SliceResult>(lesion.phase === 'prompting' ? [] : lesion.cells);
  for (const [k, { result }] of lesion.keyframes) if (result !== undefined) results.set(k, result);
  return results;
}

/** What the reader has erased of the segment that the lesion goes into. */
export const erasedOf = (lesion: Lesion, into: number): SegmentVoxels | undefined =>
  'prompts' in lesion && lesion.prompts.erased?.segment === into ? lesion.prompts.erased.slices : undefined;

/**
 * The masks as accepting would write them: voxels that other segments hold are left out, those of the segment itself stay unless
 * they were erased. A slice that nothing was taken from keeps its array, so that the display can tell what changed.
 * @param into number of the segment that the lesion goes into
 * @returns an empty mask for a slice on which all of the segment was erased
 */
export function masksToCommit(lesion: Lesion, labelmap: Labelmap, into: number): ReadonlyMap<number, SliceMask> {
  const masks = new Map([...lesionResults(lesion)].map(([k, { mask }]) => [k, mask]));
  const [own, erased] = [labelmap.voxels.get(into), erasedOf(lesion, into)];
  for (const k of [...masks.keys(), ...(erased?.keys() ?? [])]) {
    const kept = without(own?.get(k), erased?.get(k));
    const mask = masks.get(k);
    const both = mask === undefined || kept === undefined ? (mask ?? kept) : union(mask, kept);
    if (both !== undefined) masks.set(k, both);
  }
  const empty: Labelmap = { ...labelmap, voxels: new Map([...labelmap.voxels].filter(([number]) => number !== into)) };
  const written = new Map(withSlices(empty, into, masks, 'keep-others').voxels.get(into));
  for (const k of erased?.keys() ?? []) {
    const mask = masks.get(k);
    if (mask !== undefined && !written.has(k)) written.set(k, new Uint8Array(mask.length));
  }
  return written;
}

const without = (mask: SliceMask | undefined, gone: SliceMask | undefined): SliceMask | undefined =>
  mask === undefined || gone === undefined ? mask : mask.map((value, index) => (gone[index] === 1 ? 0 : value));

const union = (a: SliceMask, b: SliceMask): SliceMask =>
  a.map((value, index) => (value === 1 || b[index] === 1 ? 1 : 0));
