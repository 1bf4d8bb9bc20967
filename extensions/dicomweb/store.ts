import { type AppError, appError } from '#core/errors.ts';
import { type CallOptions, type StoreOutcome, withDeadline } from '#extension-api';
import { multipartEnd, newBoundary, partHead } from './multipart.ts';
import { type Access, OPEN_ACCESS } from './request.ts';
import { storedInstanceUid } from './storedUid.ts';
import { mayBeStored, storeVerdict } from './storeVerdict.ts';

/** An answer, as far as it came. */
interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Silence after which the answer is taken for lost. */
const TIMEOUT_MS = 600_000;

/**
 * Stores one Part-10 object (STOW-RS, PS3.18 10.5). Sent once and never repeated: where the answer is lost the outcome is
 * `ambiguous`, and the archive must be asked for the UID. Progress is bytes sent. A cancelled call rejects with
 * `signal.reason`; the object may be stored all the same.
 */
export async function storeInstance(
  root: string,
  part10: Uint8Array,
  studyInstanceUID: string,
  { signal, onProgress }: CallOptions = {},
  { authorization }: Access = OPEN_ACCESS,
): Promise<StoreOutcome> {
  const sopInstanceUID = storedInstanceUid(part10);
  if (sopInstanceUID === undefined) {
    return { kind: 'refused', error: appError('not-part10', 'The object to store is no DICOM file.') };
  }
  const boundary = newBoundary();
  // Exactly this part header: with a transfer-syntax parameter Orthanc answers 200 and stores nothing.
  const body = new Blob([
    partHead(boundary, { 'Content-Type': 'application/dicom' }) as Uint8Array<ArrayBuffer>,
    part10 as Uint8Array<ArrayBuffer>,
    multipartEnd(boundary) as Uint8Array<ArrayBuffer>,
  ]);
  const headers = {
    'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    Accept: 'application/dicom+json',
  };
  signal?.throwIfAborted();
  const address = `${root}/studies/${studyInstanceUID}`;
  const asking: CallOptions = signal === undefined ? {} : { signal };
  try {
    const send = typeof XMLHttpRequest === 'undefined' ? sendByFetch : sendByXhr;
    const sendAs = (credentials: string | undefined): Promise<Answer> =>
      send(address, credentials === undefined ? headers : { ...headers, Authorization: credentials }, body, {
        signal,
        onProgress,
      });
    const credentials = await authorization?.header(asking);
    let answer = await sendAs(credentials);
    // 401 is said before anything is looked at (RFC 9110 15.5.2): the one case in which sending again is not blind.
    if (answer.status === 401 && (await authorization?.renew(credentials, asking))) {
      answer = await sendAs(await authorization?.header(asking));
    }
    return storeVerdict(answer.status, answer.contentType, answer.body, sopInstanceUID);
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'ambiguous', error: mayBeStored(answerLost(thrown)) };
  }
}

const answerLost = (cause: unknown): AppError =>
  appError('store-answer-lost', 'The connection broke before the archive answered.', { cause });

interface SendOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: CallOptions['onProgress'];
}
type Send = (
  address: string,
  headers: Readonly<Record<string, string>>,
  body: Blob,
  options: SendOptions,
) => Promise<Answer>;

/** In a page: only XMLHttpRequest tells how much has been sent. */
const sendByXhr: Send = (address, headers, body, { signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.timeout = TIMEOUT_MS;
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded, total);
    request.onload = () =>
      resolve({
        status: request.status,
        contentType: request.getResponseHeader('content-type') ?? '',
        body: request.responseText,
      });
    request.onerror = () => reject(new Error('the connection broke'));
    request.ontimeout = () => reject(new Error('no answer in time'));
    request.onabort = () => reject(signal?.reason ?? new Error('aborted'));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });

const sendByFetch: Send = (address, headers, body, { signal, onProgress }) =>
  withDeadline(TIMEOUT_MS, signal, async (limited) => {
    const response = await fetch(address, { method: 'POST', headers, body, signal: limited });
    onProgress?.(body.size, body.size);
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  });
