import type { Stack } from '../geometry/stack.ts';
import type { SegmentVoxels, SliceMask } from './labelmap.ts';

/** Standard deviation of the blur as a multiple of the pixel size: corners of a pixel or two go, the shape stays. */
const SIGMA_PIXELS = 1.2;
/** Beyond this many standard deviations a Gaussian is nothing. */
const REACH_SIGMAS = 3;

/** Part of a slice that a segment can reach when it is blurred. */
interface Window {
  readonly x0: number;
  readonly y0: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A smoother surface: Gaussian blur in millimetres in all three directions, and what keeps at least half. Slices
 * without the segment do not count, so that a lesion does not lose its ends.
 * @returns slices that change, by k; an all-zero mask where nothing is left
 */
export function smooth(voxels: SegmentVoxels, stack: Stack): ReadonlyMap<number, SliceMask> {
  const changed = new Map<number, SliceMask>();
  const slices = [...voxels.keys()].sort((a, b) => a - b);
  const plane = stack.planes[slices[0] ?? -1];
  if (plane === undefined) return changed;
  const { columns, rows, columnSpacing, rowSpacing } = plane;
  const sigma = SIGMA_PIXELS * Math.min(columnSpacing, rowSpacing);
  const [across, down] = [gaussian(sigma / columnSpacing), gaussian(sigma / rowSpacing)];
  const window = windowOf([...voxels.values()], columns, rows, across.length >> 1, down.length >> 1);
  if (window === undefined) return changed;
  const blurred = new Map(slices.map((k) => [k, blurSlice(voxels.get(k)!, columns, window, across, down)]));
  for (const k of slices) {
    const field = alongStack(k, slices, blurred, stack.positions, sigma);
    const before = voxels.get(k)!;
    const mask = new Uint8Array(before.length);
    for (let y = 0; y < window.height; y += 1) {
      for (let x = 0; x < window.width; x += 1) {
        if (field[y * window.width + x]! >= 0.5) mask[(window.y0 + y) * columns + window.x0 + x] = 1;
      }
    }
    if (mask.some((value, index) => value !== before[index])) changed.set(k, mask);
  }
  return changed;
}

/** Weights of a Gaussian that is sampled at whole pixels, not normalized: 2n + 1 of them, the middle one 1. */
function gaussian(sigma: number): readonly number[] {
  const reach = Math.max(1, Math.ceil(REACH_SIGMAS * sigma));
  return Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * sigma * sigma)));
}

function windowOf(
  masks: readonly SliceMask[],
  columns: number,
  rows: number,
  marginX: number,
  marginY: number,
): Window | undefined {
  let [left, right, top, bottom] = [columns, -1, rows, -1];
  for (const mask of masks) {
    for (let index = mask.indexOf(1); index !== -1; index = mask.indexOf(1, index + 1)) {
      const x = index % columns;
      const y = (index - x) / columns;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  const [x0, y0] = [Math.max(0, left - marginX), Math.max(0, top - marginY)];
  return {
    x0,
    y0,
    width: Math.min(columns - 1, right + marginX) - x0 + 1,
    height: Math.min(rows - 1, bottom + marginY) - y0 + 1,
  };
}

/** A slice blurred in its plane; at the image's edge the weights that are left count for all. */
function blurSlice(
  mask: SliceMask,
  columns: number,
  { x0, y0, width, height }: Window,
  across: readonly number[],
  down: readonly number[],
): Float32Array {
  const field = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (y0 + y) * columns + x0;
    field.set(mask.subarray(start, start + width), y * width);
  }
  const rowsDone = blurLines(field, height, width, width, 1, across);
  return blurLines(rowsDone, width, height, 1, width, down);
}

function blurLines(
  field: Float32Array,
  lines: number,
  length: number,
  lineStride: number,
  stride: number,
  weights: readonly number[],
): Float32Array {
  const out = new Float32Array(field.length);
  const reach = weights.length >> 1;
  for (let line = 0; line < lines; line += 1) {
    for (let at = 0; at < length; at += 1) {
      let [sum, total] = [0, 0];
      for (let step = Math.max(-reach, -at); step <= Math.min(reach, length - 1 - at); step += 1) {
        const weight = weights[step + reach]!;
        sum += weight * field[line * lineStride + (at + step) * stride]!;
        total += weight;
      }
      out[line * lineStride + at * stride] = sum / total;
    }
  }
  return out;
}

/** The blur along the stack, by true positions; only labelled slices count. */
function alongStack(
  k: number,
  slices: readonly number[],
  blurred: ReadonlyMap<number, Float32Array>,
  positions: readonly number[],
  sigma: number,
): Float32Array {
  const out = blurred.get(k)!.slice();
  let total = 1;
  for (const other of slices) {
    const distance = Math.abs(positions[other]! - positions[k]!);
    if (other === k || distance > REACH_SIGMAS * sigma) continue;
    const weight = Math.exp(-(distance * distance) / (2 * sigma * sigma));
    const field = blurred.get(other)!;
    for (let index = 0; index < out.length; index += 1) out[index]! += weight * field[index]!;
    total += weight;
  }
  for (let index = 0; index < out.length; index += 1) out[index]! /= total;
  return out;
}
