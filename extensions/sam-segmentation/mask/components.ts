import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { maskBox } from './measure.ts';

/**
 * Marks with `mark` all pixels that equal the seed's value and are reachable from it.
 * @param diagonals 8-connected (masks) or 4-connected (background): the two must differ, else a ring could be open for both
 */
function flood(
  labels: Int32Array,
  mask: SliceMask,
  columns: number,
  seed: number,
  mark: number,
  diagonals: boolean,
): void {
  const rows = mask.length / columns;
  const value = mask[seed];
  const stack = [seed];
  labels[seed] = mark;
  while (stack.length > 0) {
    const index = stack.pop()!;
    const x = index % columns;
    const y = (index - x) / columns;
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        if (!diagonals && dx !== 0 && dy !== 0) continue;
        const nx = x + dx;
        const ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue;
        const next = ny * columns + nx;
        if (labels[next] === 0 && mask[next] === value) {
          labels[next] = mark;
          stack.push(next);
        }
      }
    }
  }
}

/**
 * Fills background that the mask encloses completely; what touches the image border stays open. Only the mask's own box, with
 * a ring of background around it, is looked at: a lesion is small on its slice.
 */
export function fillHoles(mask: SliceMask, columns: number): SliceMask {
  const box = maskBox(mask, columns);
  if (box === undefined) return mask;
  const width = box.x1 - box.x0 + 3;
  const height = box.y1 - box.y0 + 3;
  const ringed = new Uint8Array(width * height);
  for (let y = box.y0; y <= box.y1; y += 1) {
    const start = y * columns + box.x0;
    ringed.set(mask.subarray(start, start + width - 2), (y - box.y0 + 1) * width + 1);
  }
  const outside = new Int32Array(ringed.length);
  flood(outside, ringed, width, 0, 1, false);
  const filled = mask.slice();
  for (let y = box.y0; y <= box.y1; y += 1) {
    for (let x = box.x0; x <= box.x1; x += 1) {
      if (outside[(y - box.y0 + 1) * width + x - box.x0 + 1] === 0) filled[y * columns + x] = 1;
    }
  }
  return filled;
}

/** Where a component has to touch to be kept: a box (pixel centres inside it), or the mask of a neighbouring slice. */
export type Anchor = { readonly box: SliceBox } | { readonly mask: SliceMask };

/** Keeps the 8-connected components with at least one pixel on the anchor, drops the others. */
export function keepOverlapping(mask: SliceMask, columns: number, anchor: Anchor): SliceMask {
  const anchored = anchorTest(anchor, columns);
  const labels = new Int32Array(mask.length);
  const kept = new Set<number>();
  let count = 0;
  for (let index = 0; index < mask.length; index += 1) {
    if (mask[index] === 0) continue;
    if (labels[index] === 0) {
      count += 1;
      flood(labels, mask, columns, index, count, true);
    }
    if (anchored(index)) kept.add(labels[index]!);
  }
  const out = new Uint8Array(mask.length);
  for (let index = 0; index < out.length; index += 1)
    out[index] = labels[index]! > 0 && kept.has(labels[index]!) ? 1 : 0;
  return out;
}

function anchorTest(anchor: Anchor, columns: number): (index: number) => boolean {
  if ('mask' in anchor) return (index) => anchor.mask[index] === 1;
  const { x0, y0, x1, y1 } = anchor.box;
  return (index) => {
    const x = index % columns;
    const y = (index - x) / columns;
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  };
}
