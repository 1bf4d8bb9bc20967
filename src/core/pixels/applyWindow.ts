import type { IntensityWindow } from './intensityWindow.ts';

/** Modality values to [0, 1]: `lower` and below is 0, `upper` and above 1; a value that is not a number is 0. */
export function applyWindow(values: Float32Array, { lower, upper }: IntensityWindow): Float32Array {
  const out = new Float32Array(values.length);
  const scale = 1 / (upper - lower);
  for (let index = 0; index < out.length; index += 1) {
    const share = (values[index]! - lower) * scale;
    out[index] = share > 0 ? Math.min(share, 1) : 0;
  }
  return out;
}
