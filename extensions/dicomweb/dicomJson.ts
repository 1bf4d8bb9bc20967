import type { DicomDataset } from '#core/dicom/dataset.ts';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { mediaTypeOf } from './mediaType.ts';

/** Reads a DICOM JSON array. Error `archive-answer`: a proxy's login page, cut-off JSON, or something else that is none. */
export function datasetsOf(bytes: Uint8Array, contentType: string): Result<readonly DicomDataset[]> {
  // 204 No Content: a search without results.
  if (bytes.length === 0) return ok([]);
  const { type } = mediaTypeOf(contentType);
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (Array.isArray(json) && json.every(isDataset)) return ok(json);
    return err(badAnswer(type));
  } catch (thrown) {
    return err(badAnswer(type, thrown));
  }
}

/** One level deep: the values inside are read through `core/dicom/dataset.ts`, which doubts each of them. */
export const isDataset = (value: unknown): value is DicomDataset =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every(
    ([tag, element]) => /^[0-9A-F]{8}$/.test(tag) && typeof element === 'object' && element !== null,
  );

export const badAnswer = (contentType: string, cause?: unknown) =>
  appError('archive-answer', 'What the archive answered is not DICOM JSON.', {
    remedy: 'Check that the address is a DICOMweb root, and that no login page stands in between.',
    cause,
    context: { contentType },
  });
