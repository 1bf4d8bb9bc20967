import { withSlices } from '#core/labelmap/edit.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import type { Lesion, SliceResult } from './sessionState.ts';

const NONE: ReadonlyMap<number, SliceResult> = new Map();

/** What the lesion looks like now, by slice: keyframes over cells. */
export function lesionResults(lesion: Lesion): ReadonlyMap<number, SliceResult> {
  if (lesion.phase === 'idle' || lesion.phase === 'accepted' || lesion.phase === 'rejected') return NONE;
  const results = new Map<number, SliceResult>(lesion.phase === 'prompting' ? [] : lesion.cells);
  for (const [k, { result }] of lesion.keyframes) if (result !== undefined) results.set(k, result);
  return results;
}

/**
 * The masks as accepting would write them: voxels that other segments hold are left out. A slice that nothing was taken from
 * keeps its array, so that the display can tell what changed.
 * @param into number of the segment that the lesion goes into
 */
export function masksToCommit(lesion: Lesion, labelmap: Labelmap, into: number): ReadonlyMap<number, SliceMask> {
  const masks = new Map([...lesionResults(lesion)].map(([k, { mask }]) => [k, mask]));
  const own = labelmap.voxels.get(into);
  for (const [k, mask] of masks) masks.set(k, own?.get(k) === undefined ? mask : union(mask, own.get(k)!));
  const empty: Labelmap = { ...labelmap, voxels: new Map([...labelmap.voxels].filter(([number]) => number !== into)) };
  return withSlices(empty, into, masks, 'keep-others').voxels.get(into) ?? new Map();
}

const union = (a: SliceMask, b: SliceMask): SliceMask =>
  a.map((value, index) => (value === 1 || b[index] === 1 ? 1 : 0));
