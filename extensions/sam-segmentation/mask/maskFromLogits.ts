import { slicePoint } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { type AxisSamples, axisSamples, resampleBilinear } from '#core/pixels/resample.ts';
import { type ModelFrame, sliceToModel } from '../preprocess/modelFrame.ts';

/** Logits over the whole encoder frame, row-major; their grid may be coarser or finer than the encoder's. */
export interface LogitGrid {
  readonly logits: Float32Array;
  readonly width: number;
  readonly height: number;
}

type Image = { readonly columns: number; readonly rows: number };

/**
 * Logits at each pixel centre inside the region, sampled bilinearly, so that no edge is rounded twice; -Infinity outside the
 * region. Row-major.
 */
export function logitsOnPixels(grid: LogitGrid, frame: ModelFrame, image: Image): Float32Array {
  const { x, y } = pixelAxes(grid, frame, image);
  return resampleBilinear(grid.logits, grid.width, x, y, Number.NEGATIVE_INFINITY);
}

function pixelAxes({ width, height }: LogitGrid, frame: ModelFrame, image: Image) {
  const origin = sliceToModel(frame, slicePoint(0, 0));
  const axis = (pixels: number, first: number, cells: number) => {
    const shrink = cells / frame.size;
    return axisSamples(pixels, (first + 0.5) * shrink - 0.5, (frame.size / frame.region.side) * shrink, cells);
  };
  return { x: axis(image.columns, origin[0], width), y: axis(image.rows, origin[1], height) };
}

/** 1 where the logit is above the threshold. */
export function maskAbove(logits: Float32Array, threshold: number): SliceMask {
  const mask = new Uint8Array(logits.length);
  for (let index = 0; index < mask.length; index += 1) mask[index] = logits[index]! > threshold ? 1 : 0;
  return mask;
}

/** The mask on the slice's own pixels; pixels outside the region are 0, and not looked at: a lesion is small on its slice. */
export function maskFromLogits(grid: LogitGrid, frame: ModelFrame, image: Image, threshold: number): SliceMask {
  const mask = new Uint8Array(image.columns * image.rows);
  const { x, y } = pixelAxes(grid, frame, image);
  const [left, top] = [x.inside.indexOf(1), y.inside.indexOf(1)];
  if (left < 0 || top < 0) return mask;
  const [across, down] = [insideOnly(x), insideOnly(y)];
  const part = maskAbove(resampleBilinear(grid.logits, grid.width, across, down, Number.NEGATIVE_INFINITY), threshold);
  const width = across.inside.length;
  for (let row = 0; row < down.inside.length; row += 1) {
    mask.set(part.subarray(row * width, (row + 1) * width), (top + row) * image.columns + left);
  }
  return mask;
}

/** The samples from the first to the last that are inside. */
function insideOnly({ lower, upper, weight, inside }: AxisSamples): AxisSamples {
  const [from, to] = [inside.indexOf(1), inside.lastIndexOf(1) + 1];
  return {
    lower: lower.subarray(from, to),
    upper: upper.subarray(from, to),
    weight: weight.subarray(from, to),
    inside: inside.subarray(from, to),
  };
}
