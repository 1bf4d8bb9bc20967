import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { axisSamples, resampleBilinear, samplesBetween } from '#core/pixels/resample.ts';
import { type ModelFrame, sliceToModel } from '../preprocess/modelFrame.ts';

/** Logits over the whole encoder frame, row-major; their grid may be coarser or finer than the encoder's. */
export interface LogitGrid {
  readonly logits: Float32Array;
  readonly width: number;
  readonly height: number;
}

type Image = { readonly columns: number; readonly rows: number };

/**
 * Logits at each pixel centre of a part of the image, sampled bilinearly, so that no edge is rounded twice; -Infinity outside the
 * frame's region. Row-major.
 */
export function logitsOnPixels(grid: LogitGrid, frame: ModelFrame, image: Image, part: SliceBox): Float32Array {
  const { x, y } = pixelAxes(grid, frame, image);
  const [across, down] = [samplesBetween(x, part.x0, part.x1), samplesBetween(y, part.y0, part.y1)];
  return resampleBilinear(grid.logits, grid.width, across, down, Number.NEGATIVE_INFINITY);
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

/** The mask of a slice that is empty but for one part of it. */
export function maskOfPart(part: SliceMask, { x0, y0, x1, y1 }: SliceBox, { columns, rows }: Image): SliceMask {
  const mask = new Uint8Array(columns * rows);
  const width = x1 - x0 + 1;
  for (let y = y0; y <= y1; y += 1) mask.set(part.subarray((y - y0) * width, (y - y0 + 1) * width), y * columns + x0);
  return mask;
}

/** The mask on the slice's own pixels; pixels outside the region are 0, and not looked at: a lesion is small on its slice. */
export function maskFromLogits(grid: LogitGrid, frame: ModelFrame, image: Image, threshold: number): SliceMask {
  const { x, y } = pixelAxes(grid, frame, image);
  const [x0, y0] = [x.inside.indexOf(1), y.inside.indexOf(1)];
  if (x0 < 0 || y0 < 0) return new Uint8Array(image.columns * image.rows);
  const part: SliceBox = { x0, y0, x1: x.inside.lastIndexOf(1), y1: y.inside.lastIndexOf(1) };
  return maskOfPart(maskAbove(logitsOnPixels(grid, frame, image, part), threshold), part, image);
}
