import { err, ok, type Result } from '#core/result.ts';
import { asRgb } from './asRgb.ts';
import { decodeCompressed, hasCodec } from './codecs/decodeCompressed.ts';
import { frameBytesOf } from './frameBytes.ts';
import type { Part10File } from './parsePart10.ts';
import { pixelLayout } from './pixelLayout.ts';
import { damagedPixels, pixelsOf, type StoredPixels, storedPixels, unreadableCompression } from './storedPixels.ts';

/**
 * Stored values of one frame in any transfer syntax that a codec is here for: JPEG (also 12 bits), JPEG Lossless, JPEG-LS,
 * JPEG 2000, HTJ2K, JPEG XL, RLE, uncompressed. YBR comes as RGB. For Node: the viewer has workers of its own.
 * @param frame 0-based
 * @returns errors of {@link storedPixels}
 */
export async function decodedPixels(file: Part10File, frame: number): Promise<Result<StoredPixels>> {
  if (!hasCodec(file.transferSyntaxUID)) {
    const native = storedPixels(file, frame);
    return native.ok ? ok(asRgb(native.value)) : native;
  }
  const layout = pixelLayout(file);
  if (!layout.ok) return layout;
  const stored = frameBytesOf(file, layout.value, frame);
  if (!stored.ok) return stored;
  const bytes = await decodeCompressed(stored.value, layout.value, file.transferSyntaxUID);
  if (bytes === 'unsupported') return err(unreadableCompression(file));
  return bytes === 'damaged' ? err(damagedPixels(file)) : ok(pixelsOf(bytes, layout.value, file));
}
