import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { type AxisSamples, axisSamples, resampleBilinear, samplesBetween } from '#core/pixels/resample.ts';
import type { SliceGeometry } from '../propagation/knowledge.ts';
import { sampleAt, type VolumeRegion } from './region.ts';
import type { RegionPrompt } from './regionPrompt.ts';

/** Logits over a region, and the pixels to which they are brought. */
export interface RegionLogits {
  readonly region: VolumeRegion;
  readonly logits: Float32Array;
  readonly geometry: SliceGeometry;
  readonly columns: number;
  readonly rows: number;
  /** Samples between the ends that the reader gave; absent on a side without one. */
  readonly within?: { readonly first?: number; readonly last?: number };
}

/**
 * The outermost samples inside the ends that the reader gave. Up to an end the last sample inside it counts, so that a slice
 * between the two is not half of what lies outside (`to_voxels` of train/predict.py).
 */
export function samplesWithin(
  { stepZ, keySample }: VolumeRegion,
  { first, last }: Pick<RegionPrompt, 'first' | 'last'>,
): NonNullable<RegionLogits['within']> {
  return {
    ...(first === undefined ? {} : { first: Math.ceil(first / stepZ) + keySample }),
    ...(last === undefined ? {} : { last: Math.floor(last / stepZ) + keySample }),
  };
}

/** First and last slice that lie in the region; undefined where none does. */
export function slicesInside(
  region: VolumeRegion,
  { positions }: SliceGeometry,
): { readonly first: number; readonly last: number } | undefined {
  const inside = (position: number): boolean => isInside(region, sampleAt(region, position));
  const first = positions.findIndex(inside);
  return first < 0 ? undefined : { first, last: positions.findLastIndex(inside) };
}

const isInside = ({ depth }: VolumeRegion, sample: number): boolean => sample >= -0.5 && sample <= depth - 0.5;

/** The pixels of a slice that lie in the region; undefined where none does. */
export function pixelsInside(source: RegionLogits): SliceBox | undefined {
  const { x, y } = pixelAxes(source);
  const [x0, y0] = [x.inside.indexOf(1), y.inside.indexOf(1)];
  return x0 < 0 || y0 < 0 ? undefined : { x0, y0, x1: x.inside.lastIndexOf(1), y1: y.inside.lastIndexOf(1) };
}

/** Logits on the pixels of a part of slice k, trilinear; -Infinity outside the region. Row-major. */
export function logitsOnSlice(source: RegionLogits, k: number, part: SliceBox): Float32Array {
  const { x, y } = pixelAxes(source);
  const [across, down] = [samplesBetween(x, part.x0, part.x1), samplesBetween(y, part.y0, part.y1)];
  const plane = planeAt(source, k);
  if (plane === undefined) return new Float32Array(across.inside.length * down.inside.length).fill(-Infinity);
  return resampleBilinear(plane, source.region.size, across, down, -Infinity);
}

/** The same less the threshold: above 0 inside. */
export const logitsAbove = (source: RegionLogits, k: number, threshold: number, part: SliceBox): Float32Array =>
  logitsOnSlice(source, k, part).map((logit) => logit - threshold);

/** The mask on the pixels of slice k. Only pixels beside a cell above the threshold are looked at. */
export function maskOnSlice(source: RegionLogits, k: number, threshold: number): SliceMask {
  const { region, columns, rows } = source;
  const mask = new Uint8Array(columns * rows);
  const plane = planeAt(source, k);
  const part = plane && cellsAbove(plane, region.size, threshold);
  if (plane === undefined || part === undefined) return mask;
  const { size } = region;
  const { x, y } = pixelAxes(source);
  const [left, right] = span(x, part.c0, part.c1);
  const [top, bottom] = span(y, part.r0, part.r1);
  for (let row = top; row <= bottom; row += 1) {
    const above = y.lower[row]! * size;
    const below = y.upper[row]! * size;
    const down = y.weight[row]!;
    for (let column = left; column <= right; column += 1) {
      const a = x.lower[column]!;
      const b = x.upper[column]!;
      const across = x.weight[column]!;
      const upper = plane[above + a]! * (1 - across) + plane[above + b]! * across;
      const lower = plane[below + a]! * (1 - across) + plane[below + b]! * across;
      if (upper * (1 - down) + lower * down > threshold) mask[row * columns + column] = 1;
    }
  }
  return mask;
}

/** A value per sample at the position of slice k, linear; undefined beyond the outermost samples. */
export function valueOnSlice(values: Float32Array, region: VolumeRegion, position: number): number | undefined {
  const sample = sampleAt(region, position);
  if (sample < 0 || sample > region.depth - 1) return undefined;
  const below = Math.floor(sample);
  const above = Math.min(below + 1, region.depth - 1);
  return values[below]! + (values[above]! - values[below]!) * (sample - below);
}

/** The region's cells at the position of slice k, linear between samples; undefined outside the region. */
function planeAt({ region, logits, geometry, within = {} }: RegionLogits, k: number): Float32Array | undefined {
  const sample = sampleAt(region, geometry.positions[k]!);
  if (!isInside(region, sample)) return undefined;
  const { size, depth } = region;
  const cells = size * size;
  const clamped = Math.min(Math.max(sample, within.first ?? 0, 0), within.last ?? depth - 1, depth - 1);
  const below = Math.floor(clamped);
  const above = Math.min(below + 1, depth - 1);
  const up = clamped - below;
  const plane = new Float32Array(cells);
  for (let cell = 0; cell < cells; cell += 1) {
    plane[cell] = logits[below * cells + cell]! * (1 - up) + logits[above * cells + cell]! * up;
  }
  return plane;
}

function pixelAxes({ region, geometry, columns, rows }: RegionLogits): {
  readonly x: AxisSamples;
  readonly y: AxisSamples;
} {
  const { size, step } = region;
  const axis = (pixels: number, centre: number, spacing: number): AxisSamples =>
    axisSamples(pixels, -centre / step + size / 2 - 0.5, spacing / step, size);
  return { x: axis(columns, region.x, geometry.columnSpacing), y: axis(rows, region.y, geometry.rowSpacing) };
}

/** The cells above the threshold, as a box. */
function cellsAbove(plane: Float32Array, size: number, threshold: number) {
  let [c0, r0, c1, r1] = [size, size, -1, -1];
  for (let r = 0; r < size; r += 1) {
    for (let c = 0; c < size; c += 1) {
      if (!(plane[r * size + c]! > threshold)) continue;
      c0 = Math.min(c0, c);
      c1 = Math.max(c1, c);
      r0 = Math.min(r0, r);
      r1 = r;
    }
  }
  return r1 < 0 ? undefined : { c0, r0, c1, r1 };
}

/** First and last pixel that lie between the cells, one cell of margin on each side. */
function span({ lower, upper, inside }: AxisSamples, low: number, high: number): readonly [number, number] {
  let first = 0;
  let last = inside.length - 1;
  while (first <= last && (inside[first] === 0 || upper[first]! < low)) first += 1;
  while (last >= first && (inside[last] === 0 || lower[last]! > high)) last -= 1;
  return [first, last];
}
