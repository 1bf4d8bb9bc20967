import { slicePoint } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { axisSamples, resampleBilinear } from '#core/pixels/resample.ts';
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
export function logitsOnPixels({ logits, width, height }: LogitGrid, frame: ModelFrame, image: Image): Float32Array {
  const origin = sliceToModel(frame, slicePoint(0, 0));
  const axis = (pixels: number, first: number, cells: number) => {
    const shrink = cells / frame.size;
    return axisSamples(pixels, (first + 0.5) * shrink - 0.5, (frame.size / frame.region.side) * shrink, cells);
  };
  return resampleBilinear(
    logits,
    width,
    axis(image.columns, origin[0], width),
    axis(image.rows, origin[1], height),
    Number.NEGATIVE_INFINITY,
  );
}

/** 1 where the logit is above the threshold. */
export function maskAbove(logits: Float32Array, threshold: number): SliceMask {
  const mask = new Uint8Array(logits.length);
  for (let index = 0; index < mask.length; index += 1) mask[index] = logits[index]! > threshold ? 1 : 0;
  return mask;
}

/** The mask on the slice's own pixels; pixels outside the region are 0. */
export const maskFromLogits = (grid: LogitGrid, frame: ModelFrame, image: Image, threshold: number): SliceMask =>
  maskAbove(logitsOnPixels(grid, frame, image), threshold);
