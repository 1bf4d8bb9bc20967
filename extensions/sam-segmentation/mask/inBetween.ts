import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { interpolateMasks, type PixelSize } from '#core/labelmap/signedDistance.ts';
import { maskBox } from './measure.ts';

/**
 * The shape between two masks that are not empty, by signed distances (`interpolateMasks` of the core), looking only at the box
 * of both: a lesion is small on its slice.
 * @param share 0 gives `a`, 1 gives `b`
 */
export function maskBetween(a: SliceMask, b: SliceMask, share: number, columns: number, size: PixelSize): SliceMask {
  const [one, other] = [maskBox(a, columns), maskBox(b, columns)];
  if (one === undefined || other === undefined) throw new Error('There is no shape between an empty mask and another');
  const left = Math.min(one.x0, other.x0);
  const top = Math.min(one.y0, other.y0);
  // A ring of background, so that both have an edge everywhere.
  const width = Math.max(one.x1, other.x1) - left + 3;
  const height = Math.max(one.y1, other.y1) - top + 3;
  const crop = (mask: SliceMask): SliceMask => {
    const out = new Uint8Array(width * height);
    for (let y = 1; y < height - 1; y += 1) {
      const start = (top + y - 1) * columns + left;
      out.set(mask.subarray(start, start + width - 2), y * width + 1);
    }
    return out;
  };
  const between = interpolateMasks(crop(a), crop(b), share, width, size);
  const out = new Uint8Array(a.length);
  for (let y = 1; y < height - 1; y += 1) {
    out.set(between.subarray(y * width + 1, (y + 1) * width - 1), (top + y - 1) * columns + left);
  }
  return out;
}

/** The mask made smaller (or larger) about its centroid. @param share of its width and height */
export function scaledMask(mask: SliceMask, columns: number, share: number): SliceMask {
  let [sumX, sumY, count] = [0, 0, 0];
  mask.forEach((value, index) => {
    if (value === 0) return;
    const x = index % columns;
    sumX += x;
    sumY += (index - x) / columns;
    count += 1;
  });
  const out = new Uint8Array(mask.length);
  if (count === 0) return out;
  const [cx, cy] = [sumX / count, sumY / count];
  const rows = mask.length / columns;
  for (let index = 0; index < out.length; index += 1) {
    const x = index % columns;
    const fromX = Math.round(cx + (x - cx) / share);
    const fromY = Math.round(cy + ((index - x) / columns - cy) / share);
    if (fromX < 0 || fromY < 0 || fromX >= columns || fromY >= rows) continue;
    out[index] = mask[fromY * columns + fromX]!;
  }
  // A lesion of a few pixels does not vanish by being scaled.
  out[Math.round(cy) * columns + Math.round(cx)] = 1;
  return out;
}
