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
  /** Per channel, after the range. */
  readonly normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
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
  format: EncoderFormat,
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
  return encoderPlanes(plane, format);
}

/**
 * A plane of 0 (black) to 1 (white) as the encoder's planar channels.
 * @returns float32 [channels, ...plane]
 */
export function encoderPlanes(plane: Float32Array, { channels, range, normalization }: EncoderFormat): Float32Array {
  const [black, white] = range;
  const out = new Float32Array(channels * plane.length);
  for (let channel = 0; channel < channels; channel += 1) {
    const std = normalization?.std[channel] ?? 1;
    const gain = (white - black) / std;
    const shift = (black - (normalization?.mean[channel] ?? 0)) / std;
    const start = channel * plane.length;
    if (gain === 1 && shift === 0) out.set(plane, start);
    else for (let i = 0; i < plane.length; i += 1) out[start + i] = shift + plane[i]! * gain;
  }
  return out;
}
