import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { type AxisSamples, resampleBilinear } from '#core/pixels/resample.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import type { SliceGeometry } from '../propagation/knowledge.ts';
import { sampleOffset, tick, type VolumeRegion } from './region.ts';

/** The image on the grid of a region. */
export interface RegionImage {
  /** 0 to 1 through the window; 0 outside the image. [depth, size, size] */
  readonly image: Float32Array;
  /** 1 where there is image, 0 elsewhere. */
  readonly inside: Float32Array;
}

/** Where the region's samples fall between the slices. */
export function sampleAxis(region: VolumeRegion, { positions }: SliceGeometry): AxisSamples {
  const { depth, z } = region;
  const last = positions.length - 1;
  const axis = {
    lower: new Int32Array(depth),
    upper: new Int32Array(depth),
    weight: new Float64Array(depth),
    inside: new Uint8Array(depth),
  };
  for (let j = 0; j < depth; j += 1) {
    const index = sliceIndex(positions, z + sampleOffset(region, j), region.stepZ);
    const clamped = Math.min(Math.max(index, 0), last);
    axis.inside[j] = index >= -0.5 && index <= last + 0.5 ? 1 : 0;
    axis.lower[j] = Math.floor(clamped);
    axis.upper[j] = Math.min(axis.lower[j]! + 1, last);
    axis.weight[j] = clamped - axis.lower[j]!;
  }
  return axis;
}

/** Continuous slice index of a position: linear between slices, on with the outermost gap beyond them. */
function sliceIndex(positions: readonly number[], position: number, gapOfOne: number): number {
  const last = positions.length - 1;
  if (last === 0) return (position - positions[0]!) / gapOfOne;
  let below = 0;
  let above = last - 1;
  while (below < above) {
    const middle = (below + above + 1) >> 1;
    if (positions[middle]! <= position) below = middle;
    else above = middle - 1;
  }
  return below + (position - positions[below]!) / (positions[below + 1]! - positions[below]!);
}

/** The slices that the region needs, ascending. */
export function slicesNeeded(axis: AxisSamples): readonly number[] {
  const needed = new Set<number>();
  axis.inside.forEach((inside, j) => {
    if (inside === 0) return;
    needed.add(axis.lower[j]!);
    if (axis.weight[j]! > 0) needed.add(axis.upper[j]!);
  });
  return [...needed].sort((a, b) => a - b);
}

/**
 * One slice on the region's cells: windowed, averaged over squares of pixels where the cells are coarser than these, then
 * bilinear. Only the part of the slice that lies in the region is looked at.
 * @param largestPooling most pixels along a side that are averaged into one
 * @returns size x size; 0 outside the image
 */
export function planeOf(
  slice: SliceImage,
  window: IntensityWindow,
  region: VolumeRegion,
  { columnSpacing, rowSpacing }: SliceGeometry,
  largestPooling: number,
): Float32Array {
  const { columns, rows } = slice;
  const factor = poolingOf(region.step / columnSpacing, Math.min(columns, rows), largestPooling);
  const x = cellAxis(region, region.x, columnSpacing, columns, factor);
  const y = cellAxis(region, region.y, rowSpacing, rows, factor);
  const [left, top] = [first(x), first(y)];
  const width = lastOf(x) - left + 1;
  const height = lastOf(y) - top + 1;
  if (width <= 0 || height <= 0) return new Float32Array(region.size ** 2);
  const pooled = pooledPart(slice, window, { left, top, width, height }, factor);
  return resampleBilinear(pooled, width, shifted(x, left), shifted(y, top), 0);
}

/** As many pixels as a coarse cell would skip; never so many that fewer than four averages are left of the image. */
function poolingOf(pixelsPerCell: number, shorterSide: number, largest: number): number {
  const wanted = Math.min(Math.max(Math.floor(pixelsPerCell + 0.5), 1), largest);
  return Math.max(1, Math.min(wanted, Math.floor(shorterSide / 4)));
}

/** Cells on an axis of averages of `factor` pixels; a cell is inside the image by its place among the pixels. */
function cellAxis(region: VolumeRegion, centre: number, spacing: number, pixels: number, factor: number): AxisSamples {
  const { size } = region;
  const last = Math.floor(pixels / factor) - 1;
  const lower = new Int32Array(size);
  const upper = new Int32Array(size);
  const weight = new Float64Array(size);
  const inside = new Uint8Array(size);
  for (let c = 0; c < size; c += 1) {
    const pixel = (centre + tick(region, c)) / spacing;
    inside[c] = pixel >= -0.5 && pixel <= pixels - 0.5 ? 1 : 0;
    const clamped = Math.min(Math.max((pixel + 0.5) / factor - 0.5, 0), last);
    lower[c] = Math.floor(clamped);
    upper[c] = Math.min(lower[c]! + 1, last);
    weight[c] = clamped - lower[c]!;
  }
  return { lower, upper, weight, inside };
}

const first = ({ lower, inside }: AxisSamples): number => lower[inside.indexOf(1)] ?? 0;
const lastOf = ({ upper, inside }: AxisSamples): number => upper[inside.lastIndexOf(1)] ?? -1;

const shifted = (axis: AxisSamples, by: number): AxisSamples => ({
  ...axis,
  lower: axis.lower.map((index) => index - by),
  upper: axis.upper.map((index) => index - by),
});

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Averages of factor x factor windowed pixels, for the part of the averaged image that is given. */
function pooledPart(
  { values, columns }: SliceImage,
  { lower, upper }: IntensityWindow,
  { left, top, width, height }: Part,
  factor: number,
): Float32Array {
  const out = new Float32Array(width * height);
  const scale = 1 / Math.max(upper - lower, 1e-6);
  const share = 1 / factor ** 2;
  for (let row = 0; row < height * factor; row += 1) {
    const from = (top * factor + row) * columns + left * factor;
    const to = Math.floor(row / factor) * width;
    for (let column = 0, cell = 0; cell < width; cell += 1) {
      let sum = 0;
      for (let end = column + factor; column < end; column += 1) {
        const value = (values[from + column]! - lower) * scale;
        // What is not a number is black, as in applyWindow.
        sum += value > 0 ? Math.min(value, 1) : 0;
      }
      out[to + cell]! += sum * share;
    }
  }
  return out;
}

/**
 * The planes of the needed slices as one grid, linear between slices.
 * @param planes by slice k, of {@link planeOf}
 */
export function regionImage(
  planes: ReadonlyMap<number, Float32Array>,
  axis: AxisSamples,
  region: VolumeRegion,
  { columnSpacing, rowSpacing }: SliceGeometry,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): RegionImage {
  const { depth, size } = region;
  const cells = size * size;
  const image = new Float32Array(depth * cells);
  const inside = new Float32Array(depth * cells);
  const x = cellAxis(region, region.x, columnSpacing, columns, 1).inside;
  const y = cellAxis(region, region.y, rowSpacing, rows, 1).inside;
  for (let j = 0; j < depth; j += 1) {
    if (axis.inside[j] === 0) continue;
    const up = axis.weight[j]!;
    const lower = planes.get(axis.lower[j]!)!;
    const upper = up > 0 ? planes.get(axis.upper[j]!)! : lower;
    for (let r = 0, cell = 0; r < size; r += 1) {
      for (let c = 0; c < size; c += 1, cell += 1) {
        image[j * cells + cell] = lower[cell]! * (1 - up) + upper[cell]! * up;
        inside[j * cells + cell] = x[c]! & y[r]!;
      }
    }
  }
  return { image, inside };
}
