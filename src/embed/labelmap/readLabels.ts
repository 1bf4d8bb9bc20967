import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { composeSlice, type Labelmap, type SliceMask, segmentByNumber } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';

/**
 * The labelmap that a host's tools have made of ours: every slice whose labels are not those that we would write is taken over.
 * @param labelsOf labels of slice k, index = j * columns + i; undefined where they are not to be had
 * @param draft a segment for a label that is not known yet
 */
export function withForeignLabels(
  labelmap: Labelmap,
  labelsOf: (k: number) => ArrayLike<number> | undefined,
  draft: (number: number) => Segment,
): Labelmap {
  const { columns, rows, slices } = labelmap.size;
  const ours = new Uint16Array(columns * rows);
  let next = labelmap;
  for (let k = 0; k < slices; k += 1) {
    const theirs = labelsOf(k);
    if (theirs === undefined || theirs.length !== ours.length) continue;
    composeSlice(labelmap, k, ours);
    if (ours.every((label, index) => label === theirs[index])) continue;
    const masks = masksByLabel(theirs);
    for (const { number } of labelmap.segments) if (!masks.has(number)) masks.set(number, new Uint8Array(ours.length));
    for (const [number, mask] of masks) {
      if (segmentByNumber(next, number) === undefined) next = withSegment(next, draft(number));
      next = withSlices(next, number, new Map([[k, mask]]), 'allow-overlap');
    }
  }
  return next;
}

/** What Cornerstone's own tools write while they only propose. */
const PREVIEW_LABEL = 255;

function masksByLabel(labels: ArrayLike<number>): Map<number, SliceMask> {
  const masks = new Map<number, SliceMask>();
  for (let index = 0; index < labels.length; index += 1) {
    const label = labels[index]!;
    if (label === 0 || label === PREVIEW_LABEL) continue;
    const mask = masks.get(label) ?? new Uint8Array(labels.length);
    mask[index] = 1;
    masks.set(label, mask);
  }
  return masks;
}
