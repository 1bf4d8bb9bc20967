import type { SliceBox } from '#core/geometry/coordinates.ts';

/** Tight box of what is labelled on a slice, pixel indices inclusive; undefined where nothing is. @param labels row by row, 0 for none */
export function labelledExtent(labels: ArrayLike<number>, columns: number): SliceBox | undefined {
  let [x0, x1, y0, y1] = [columns, -1, -1, -1];
  for (let start = 0, y = 0; start + columns <= labels.length; start += columns, y += 1) {
    let first = 0;
    while (first < columns && labels[start + first] === 0) first += 1;
    if (first === columns) continue;
    let last = columns - 1;
    while (labels[start + last] === 0) last -= 1;
    if (y0 < 0) y0 = y;
    y1 = y;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, last);
  }
  return y1 < 0 ? undefined : { x0, y0, x1, y1 };
}
