import type { StoredPixels } from './storedPixels.ts';

/** YBR_FULL and YBR_FULL_422 of 8 bits as RGB (PS3.3 C.7.6.3.1.2); anything else as it is. */
export function asRgb(pixels: StoredPixels): StoredPixels {
  const { values, photometric, samplesPerPixel } = pixels;
  if (samplesPerPixel !== 3 || !photometric.startsWith('YBR_FULL') || !(values instanceof Uint8Array)) return pixels;
  // Clamped arrays round and stay within 0 and 255.
  const rgb = new Uint8ClampedArray(values.length);
  for (let at = 0; at + 2 < values.length; at += 3) {
    const [y, blue, red] = [values[at]!, values[at + 1]! - 128, values[at + 2]! - 128];
    rgb[at] = y + 1.402 * red;
    rgb[at + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[at + 2] = y + 1.772 * blue;
  }
  return { ...pixels, photometric: 'RGB', values: new Uint8Array(rgb.buffer) };
}
