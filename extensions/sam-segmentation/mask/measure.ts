import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';

/** Tight box of the mask, pixel indices inclusive; undefined for an empty mask. */
export function maskBox(mask: SliceMask, columns: number): SliceBox | undefined {
  let x0 = columns;
  let x1 = -1;
  let y0 = 0;
  let y1 = -1;
  for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
    const x = index % columns;
    const y = (index - x) / columns;
    if (y1 < 0) y0 = y;
    y1 = y;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
  }
  return y1 < 0 ? undefined : { x0, y0, x1, y1 };
}

export function maskPixels(mask: SliceMask): number {
  let count = 0;
  for (let index = 0; index < mask.length; index += 1) count += mask[index]!;
  return count;
}

/** What the image looks like inside a mask: robust centre and robust standard deviation, modality units. */
export interface Intensity {
  readonly median: number;
  /** 1.4826 x median absolute deviation: equals the standard deviation for normally distributed values. */
  readonly spread: number;
}

const MAD_TO_SD = 1.4826;

/** undefined where the mask is empty or the image holds no number there. */
export function intensityInside(slice: SliceImage, mask: SliceMask): Intensity | undefined {
  const inside = new Float32Array(maskPixels(mask));
  let count = 0;
  for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
    const value = slice.values[index]!;
    if (Number.isNaN(value)) continue;
    inside[count] = value;
    count += 1;
  }
  const values = inside.subarray(0, count).sort();
  if (values.length === 0) return undefined;
  const median = medianOfSorted(values);
  const deviations = values.map((value) => Math.abs(value - median)).sort();
  return { median, spread: MAD_TO_SD * medianOfSorted(deviations) };
}

function medianOfSorted(sorted: Float32Array): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
