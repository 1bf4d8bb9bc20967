import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { type AppError, appError } from '#core/errors.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import { decodeSegmentation } from './decode.ts';
import { compareLabelmaps } from './model/compare.ts';
import { placeOnSeries } from './model/place.ts';
import { differingAttribute } from './model/sameContent.ts';

/** Reads an object back and compares it voxel by voxel with the labelmap that it was made of. */
export function verifyEncoded(
  bytes: Uint8Array,
  series: ImageSeries,
  labelmap: Labelmap,
): Result<{ readonly comparedVoxels: number }> {
  const decoded = decodeSegmentation(bytes);
  if (!decoded.ok) return decoded;
  const placed = placeOnSeries(decoded.value, series);
  return placed.ok ? compareLabelmaps(labelmap, placed.value) : placed;
}

/**
 * Whether an archive gave back what it was sent: the same pixels, segments, references and functional groups, however encoded.
 * @returns error `stored-content-differs` with the attribute or frame
 */
export function sameContent(sent: Uint8Array, readBack: Uint8Array): Result<void> {
  const a = decodeSegmentation(sent);
  if (!a.ok) return a;
  const b = decodeSegmentation(readBack);
  if (!b.ok) return b;
  const attribute = differingAttribute(a.value.dataset, b.value.dataset);
  if (attribute !== undefined) return err(differs({ attribute }));
  for (const { index } of a.value.frames) {
    if (!sameBytes(a.value.storedFrame(index), b.value.storedFrame(index))) return err(differs({ frame: index + 1 }));
  }
  return ok(undefined);
}

function sameBytes(a: Uint8Array | Uint16Array, b: Uint8Array | Uint16Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

const differs = (context: Readonly<Record<string, string | number>>): AppError =>
  appError('stored-content-differs', 'The archive gave back something else than it was sent.', {
    remedy: 'Keep a copy with Download, and tell whoever runs the archive.',
    context,
  });
