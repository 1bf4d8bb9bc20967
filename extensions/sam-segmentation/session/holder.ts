import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Segment } from '#core/labelmap/segment.ts';
import type { Lesion, Target } from './sessionState.ts';

/**
 * The other segment that holds, and so keeps, more than half of the voxels found on the slices that the reader has drawn on: what
 * is left of such a lesion is little or nothing, and the reader must learn why. Undefined where there is none.
 */
export function holderOf(lesion: Lesion, labelmap: Labelmap, into: Target): Segment | undefined {
  if (!('keyframes' in lesion)) return undefined;
  const found = [...lesion.keyframes].flatMap(([k, { result }]) => (result === undefined ? [] : [{ k, ...result }]));
  return labelmap.segments.find(({ number }) => {
    if (into.kind === 'segment' && into.number === number) return false;
    let [all, held] = [0, 0];
    for (const { k, mask } of found) {
      const taken = labelmap.voxels.get(number)?.get(k);
      for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
        all += 1;
        if (taken?.[index] === 1) held += 1;
      }
    }
    return held > all / 2;
  });
}
