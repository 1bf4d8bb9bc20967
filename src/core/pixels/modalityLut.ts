/** Linear modality transform (PS3.3 C.11.1): modality value = slope * stored value + intercept. */
export interface ModalityLut {
  readonly slope: number;
  readonly intercept: number;
  /** 'HU', 'US', 'SUVbw'...; undefined where the object does not say. */
  readonly units?: string;
}

export const IDENTITY_LUT: ModalityLut = { slope: 1, intercept: 0 };

/** Stored values of one slice to modality values, float32. */
export function applyModalityLut(stored: ArrayLike<number>, lut: ModalityLut): Float32Array {
  const out = new Float32Array(stored.length);
  for (let index = 0; index < out.length; index += 1) out[index] = stored[index]! * lut.slope + lut.intercept;
  return out;
}
