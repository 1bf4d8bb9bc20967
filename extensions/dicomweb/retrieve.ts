import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';
import { mediaTypeOf } from './mediaType.ts';
import { parseMultipart } from './multipart.ts';
import { type Backoff, read } from './request.ts';

/** `*`: as stored. Without it archives transcode, and some fail on one-bit RLE. */
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/**
 * One instance as a Part-10 file (WADO-RS, PS3.18 10.4), in the transfer syntax in which it is stored.
 * @returns errors of {@link read}, `archive-answer` where the answer holds no DICOM file
 */
export async function retrieveInstance(
  root: string,
  [study, series, instance]: readonly [study: string, series: string, instance: string],
  options: CallOptions = {},
  backoff?: Backoff,
): Promise<Result<Uint8Array>> {
  const address = `${root}/studies/${study}/series/${series}/instances/${instance}`;
  const answer = await read(address, AS_STORED, options, backoff);
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
