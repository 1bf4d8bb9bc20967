import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';
import { mediaTypeOf } from './mediaType.ts';
import { parseMultipart } from './multipart.ts';
import { type Access, type Answer, read } from './request.ts';

/** `*`: as stored. Without it archives transcode, and some fail on one-bit RLE; others know no `*`. */
const AS_STORED = [
  'multipart/related; type="application/dicom"; transfer-syntax=*',
  'multipart/related; type="application/dicom"',
  'application/dicom',
] as const;

/** PS3.18 10.4: bulk data of a frame in the transfer syntax in which the archive holds it. */
const FRAME = [
  'multipart/related; type=application/octet-stream; transfer-syntax=*',
  'multipart/related; type="application/octet-stream"',
  '*/*',
] as const;

/** One frame, still encoded, in its multipart envelope. */
export const retrieveFrame = (frameUrl: string, options: CallOptions, access?: Access): Promise<Result<Answer>> =>
  read(frameUrl, FRAME, options, access);

/**
 * One instance as a Part-10 file (WADO-RS, PS3.18 10.4), in the transfer syntax in which it is stored.
 * @returns errors of {@link read}, `archive-answer` where the answer holds no DICOM file
 */
export async function retrieveInstance(
  root: string,
  [study, series, instance]: readonly [study: string, series: string, instance: string],
  options: CallOptions = {},
  access?: Access,
): Promise<Result<Uint8Array>> {
  const address = `${root}/studies/${study}/series/${series}/instances/${instance}`;
  const answer = await read(address, AS_STORED, options, access);
  if (!answer.ok) return answer;
  const { bytes, contentType } = answer.value;
  if (mediaTypeOf(contentType).type === 'application/dicom') return ok(bytes);
  const parts = parseMultipart(bytes, contentType);
  const body = parts.ok ? parts.value[0]?.body : undefined;
  if (body === undefined || !isPart10(body)) {
    return err(
      appError('archive-answer', 'What the archive answered is no DICOM file.', {
        remedy: 'Try again; if it stays so, check that no login page stands in between.',
        context: { contentType: mediaTypeOf(contentType).type },
      }),
    );
  }
  return ok(body);
}

const isPart10 = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
