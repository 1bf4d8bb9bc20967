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

/**
 * The mask on the slice's own pixels: the logits are sampled bilinearly at each pixel centre inside the region and compared
 * with the threshold, so that no edge is rounded twice. Pixels outside the region are 0.
 */
export function maskFromLogits(
  { logits, width, height }: LogitGrid,
  frame: ModelFrame,
  image: { readonly columns: number; readonly rows: number },
  threshold: number,
): SliceMask {
  const origin = sliceToModel(frame, slicePoint(0, 0));
  const axis = (pixels: number, first: number, cells: number) => {
    const shrink = cells / frame.size;
    return axisSamples(pixels, (first + 0.5) * shrink - 0.5, (frame.size / frame.region.side) * shrink, cells);
  };
  const sampled = resampleBilinear(
    logits,
    width,
    axis(image.columns, origin[0], width),
    axis(image.rows, origin[1], height),
    Number.NEGATIVE_INFINITY,
  );
  const mask = new Uint8Array(sampled.length);
  for (let index = 0; index < mask.length; index += 1) mask[index] = sampled[index]! > threshold ? 1 : 0;
  return mask;
}
