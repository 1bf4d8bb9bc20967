import { modelPoint } from '#core/geometry/coordinates.ts';
import { applyWindow } from '#core/pixels/applyWindow.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { axisSamples, resampleBilinear } from '#core/pixels/resample.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { type ModelFrame, modelToSlice } from './modelFrame.ts';

/** What the encoder expects besides the size: number of equal channels, and the values for black and white. */
export interface EncoderFormat {
  readonly channels: number;
  readonly range: readonly [black: number, white: number];
}

/**
 * The encoder's view of a slice: windowed first, then resampled, so that a metal streak cannot leak through the interpolation.
 * Outside the image is black.
 * @returns planar float32 [channels, size, size], channels equal
 */
export function encoderInput(
  slice: SliceImage,
  window: IntensityWindow,
  frame: ModelFrame,
  { channels, range }: EncoderFormat,
): Float32Array {
  const { size, region } = frame;
  const [left, top] = modelToSlice(frame, modelPoint(0, 0));
  const step = region.side / size;
  const plane = resampleBilinear(
    applyWindow(slice.values, window),
    slice.columns,
    axisSamples(size, left, step, slice.columns),
    axisSamples(size, top, step, slice.rows),
    0,
  );
  const [black, white] = range;
  if (black !== 0 || white !== 1)
    for (let i = 0; i < plane.length; i += 1) plane[i] = black + plane[i]! * (white - black);
  const out = new Float32Array(channels * plane.length);
  for (let channel = 0; channel < channels; channel += 1) out.set(plane, channel * plane.length);
  return out;
}
