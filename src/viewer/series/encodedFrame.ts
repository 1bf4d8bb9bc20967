import { wadouri } from '@cornerstonejs/dicom-image-loader';
import extractMultipart from '@cornerstonejs/dicom-image-loader/wadors/extractMultipart';
import { getTransferSyntaxForContentType } from '@cornerstonejs/dicom-image-loader/wadors/loadImage';
import { parseDicom } from '@cornerstonejs/dicom-image-loader/wadouri/parseDicomWithInflater';
import type { DataSet } from 'dicom-parser';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { PixelLocation } from '#extension-api';

/** The bytes of one frame as they are stored or sent, not yet decoded. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly transferSyntaxUID: string;
}

/** Fetches or cuts out one frame. Errors: `frame-not-retrieved`, `frame-not-readable`. A cancelled fetch rejects. */
export async function encodedFrame(location: PixelLocation, signal: AbortSignal): Promise<Result<EncodedFrame>> {
  return location.kind === 'wado-rs'
    ? retrievedFrame(location, signal)
    : part10Frame(location.blob, location.frameNumber);
}

/** PS3.18 10.4: bulk data of a frame in the transfer syntax in which the archive holds it. */
const FRAME_MEDIA_TYPE = 'multipart/related; type=application/octet-stream; transfer-syntax=*';

type WadoLocation = Extract<PixelLocation, { readonly kind: 'wado-rs' }>;

async function retrievedFrame({ frameUrl, read }: WadoLocation, signal: AbortSignal): Promise<Result<EncodedFrame>> {
  const refused = (cause: unknown, status?: string | number | boolean) =>
    err(
      appError('frame-not-retrieved', 'The archive did not send the pixels of a slice.', {
        remedy: 'Check the connection to the archive and open the series again.',
        cause,
        context: status === undefined ? undefined : { status },
      }),
    );
  const answer = read === undefined ? await fetched(frameUrl, signal) : await read({ signal });
  if (!answer.ok) return refused(answer.error.cause ?? answer.error.message, answer.error.context?.status);
  const { bytes: body, contentType } = answer.value;
  try {
    const part = extractMultipart(contentType || 'application/octet-stream', body);
    const bytes = part.pixelData as Uint8Array;
    return ok({ bytes, transferSyntaxUID: getTransferSyntaxForContentType(part.contentType) });
  } catch (thrown) {
    return refused(thrown);
  }
}

/** For a source that only names the address. */
async function fetched(url: string, signal: AbortSignal) {
  try {
    const response = await fetch(url, { headers: { Accept: FRAME_MEDIA_TYPE }, signal });
    if (!response.ok) {
      return err(appError('http', `HTTP ${response.status}`, { context: { status: response.status } }));
    }
    const contentType = response.headers.get('Content-Type') ?? '';
    return ok({ bytes: new Uint8Array(await response.arrayBuffer()), contentType });
  } catch (thrown) {
    signal.throwIfAborted();
    return err(appError('http', 'The archive does not answer.', { cause: thrown }));
  }
}

/** Files of several frames are parsed once, and forgotten with the blob. */
const parsed = new WeakMap<Blob, Promise<DataSet>>();

async function part10Frame(blob: Blob, frameNumber: number): Promise<Result<EncodedFrame>> {
  try {
    const known = parsed.get(blob);
    const reading = known ?? blob.arrayBuffer().then((buffer) => parseDicom(new Uint8Array(buffer)));
    const dataSet = await reading;
    if ((dataSet.intString('x00280008') ?? 1) > 1 && known === undefined) parsed.set(blob, reading);
    const bytes = wadouri.getPixelData(dataSet, frameNumber - 1);
    if (bytes === null || bytes.length === 0) return unreadable('the file holds no pixel data');
    return ok({ bytes: bytes as Uint8Array, transferSyntaxUID: dataSet.string('x00020010') ?? '1.2.840.10008.1.2' });
  } catch (thrown) {
    return unreadable(parserMessage(thrown));
  }
}

const unreadable = (cause: string) =>
  err(
    appError('frame-not-readable', 'The pixels of a slice could not be read from its file.', {
      remedy: 'Export the series again from where it came from.',
      cause,
    }),
  );

/** dicom-parser throws strings, errors, and objects that hold the whole data set: the latter must not travel. */
function parserMessage(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === 'object' && thrown !== null && 'exception' in thrown) return parserMessage(thrown.exception);
  return 'not a DICOM file';
}
