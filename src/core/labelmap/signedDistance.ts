import type { SliceMask } from './labelmap.ts';

/** Distance between neighbouring columns and rows, mm (or 1 and 1 for px). */
export interface PixelSize {
  readonly column: number;
  readonly row: number;
}

/**
 * Signed Euclidean distance to the mask's edge: negative inside, positive outside, measured between pixel centres and shifted
 * by half a pixel so that the edge between two pixels is zero. Exact and linear in the number of pixels (Felzenszwalb and
 * Huttenlocher, Distance Transforms of Sampled Functions, Theory of Computing 8, 2012).
 */
export function signedDistance(mask: SliceMask, columns: number, size: PixelSize): Float64Array {
  const outside = squaredDistance(mask, columns, size, 1);
  const inside = squaredDistance(mask, columns, size, 0);
  const half = Math.min(size.column, size.row) / 2;
  return outside.map((out, index) => (mask[index] === 1 ? half - Math.sqrt(inside[index]!) : Math.sqrt(out) - half));
}

/**
 * The shape between two masks by linear interpolation of their signed distances.
 * @param share 0 gives `a`, 1 gives `b`; neither may be empty
 */
export function interpolateMasks(
  a: SliceMask,
  b: SliceMask,
  share: number,
  columns: number,
  size: PixelSize,
): SliceMask {
  const from = signedDistance(a, columns, size);
  const to = signedDistance(b, columns, size);
  return Uint8Array.from(a, (_, index) => (from[index]! * (1 - share) + to[index]! * share < 0 ? 1 : 0));
}

/** Squared distance of every pixel centre to the nearest pixel that has `value`; Infinity where there is none. */
function squaredDistance(mask: SliceMask, columns: number, size: PixelSize, value: number): Float64Array {
  const rows = mask.length / columns;
  const field = Float64Array.from(mask, (pixel) => (pixel === value ? 0 : Number.POSITIVE_INFINITY));
  const line = new Float64Array(Math.max(columns, rows));
  for (let x = 0; x < columns; x += 1) transformLine(field, x, columns, rows, size.row, line);
  for (let y = 0; y < rows; y += 1) transformLine(field, y * columns, 1, columns, size.column, line);
  return field;
}

/** One pass of the lower envelope of parabolas along a line of the field. */
function transformLine(
  field: Float64Array,
  start: number,
  stride: number,
  count: number,
  step: number,
  line: Float64Array,
): void {
  const vertices = new Int32Array(count);
  const bounds = new Float64Array(count);
  let last = -1;
  for (let index = 0; index < count; index += 1) line[index] = field[start + index * stride]!;
  const meet = (p: number, q: number): number =>
    (line[q]! - line[p]! + step * step * (q * q - p * p)) / (2 * step * step * (q - p));
  for (let q = 0; q < count; q += 1) {
    if (line[q] === Number.POSITIVE_INFINITY) continue;
    while (last >= 0 && meet(vertices[last]!, q) <= bounds[last]!) last -= 1;
    const bound = last < 0 ? Number.NEGATIVE_INFINITY : meet(vertices[last]!, q);
    last += 1;
    bounds[last] = bound;
    vertices[last] = q;
  }
  if (last < 0) return;
  let current = 0;
  for (let index = 0; index < count; index += 1) {
    while (current < last && bounds[current + 1]! < index) current += 1;
    const offset = step * (index - vertices[current]!);
    field[start + index * stride] = line[vertices[current]!]! + offset * offset;
  }
}
