import type { Labelmap, SegmentVoxels, SliceMask } from './labelmap.ts';
import { decodeRuns, encodeRuns, type RunLengths } from './runLengths.ts';
import type { Segment } from './segment.ts';

interface SliceChange {
  readonly segment: number;
  readonly k: number;
  readonly before: RunLengths;
  readonly after: RunLengths;
}

/** One invertible change of a labelmap: one undo step, whatever its size. Plain and cloneable, so it can be stored. */
export interface LabelmapDelta {
  /** For the undo list: 'Propagate lesion 1'. */
  readonly label: string;
  /** Present where the list of segments changed. */
  readonly segments?: { readonly before: readonly Segment[]; readonly after: readonly Segment[] };
  readonly slices: readonly SliceChange[];
}

/** The change that leads from one labelmap to another of the same size. */
export function deltaBetween(label: string, before: Labelmap, after: Labelmap): LabelmapDelta {
  const slices: SliceChange[] = [];
  for (const segment of new Set([...before.voxels.keys(), ...after.voxels.keys()])) {
    const old: SegmentVoxels = before.voxels.get(segment) ?? new Map<number, SliceMask>();
    const now: SegmentVoxels = after.voxels.get(segment) ?? new Map<number, SliceMask>();
    if (old === now) continue;
    for (const k of new Set([...old.keys(), ...now.keys()])) {
      if (old.get(k) === now.get(k)) continue;
      const change = { segment, k, before: encodeRuns(old.get(k)), after: encodeRuns(now.get(k)) };
      if (!sameRuns(change.before, change.after)) slices.push(change);
    }
  }
  const segments =
    before.segments === after.segments ? {} : { segments: { before: before.segments, after: after.segments } };
  return { label, ...segments, slices };
}

export const isEmptyDelta = (delta: LabelmapDelta): boolean =>
  delta.slices.length === 0 && delta.segments === undefined;

export const applyDelta = (labelmap: Labelmap, delta: LabelmapDelta): Labelmap => patched(labelmap, delta, 'after');

export const revertDelta = (labelmap: Labelmap, delta: LabelmapDelta): Labelmap => patched(labelmap, delta, 'before');

function patched(labelmap: Labelmap, delta: LabelmapDelta, side: 'before' | 'after'): Labelmap {
  const pixels = labelmap.size.columns * labelmap.size.rows;
  const voxels = new Map(labelmap.voxels);
  const opened = new Map<number, Map<number, SliceMask>>();
  for (const change of delta.slices) {
    const slices = opened.get(change.segment) ?? new Map(voxels.get(change.segment));
    opened.set(change.segment, slices);
    const mask = decodeRuns(change[side], pixels);
    if (mask === undefined) slices.delete(change.k);
    else slices.set(change.k, mask);
  }
  for (const [segment, slices] of opened) {
    if (slices.size === 0) voxels.delete(segment);
    else voxels.set(segment, slices);
  }
  return { size: labelmap.size, segments: delta.segments?.[side] ?? labelmap.segments, voxels };
}

const sameRuns = (a: RunLengths, b: RunLengths): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);
