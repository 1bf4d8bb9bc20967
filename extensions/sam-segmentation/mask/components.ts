import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';

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

/** Fills background that the mask encloses completely; what touches the image border stays open. */
export function fillHoles(mask: SliceMask, columns: number): SliceMask {
  const rows = mask.length / columns;
  const outside = new Int32Array(mask.length);
  const open = (index: number): void => {
    if (mask[index] === 0 && outside[index] === 0) flood(outside, mask, columns, index, 1, false);
  };
  for (let x = 0; x < columns; x += 1) {
    open(x);
    open((rows - 1) * columns + x);
  }
  for (let y = 0; y < rows; y += 1) {
    open(y * columns);
    open(y * columns + columns - 1);
  }
  return Uint8Array.from(outside, (mark) => (mark === 1 ? 0 : 1));
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
  return Uint8Array.from(labels, (label) => (kept.has(label) ? 1 : 0));
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
