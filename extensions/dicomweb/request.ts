import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type Authorization, type CallOptions, pause, withDeadline } from '#extension-api';

/** How reads are repeated; injected so that tests need not wait. */
export interface Backoff {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly timeoutMs: number;
}
export const BACKOFF: Backoff = { attempts: 4, firstDelayMs: 250, timeoutMs: 120_000 };

/** How a source asks its archive. */
export interface Access {
  readonly backoff: Backoff;
  readonly authorization?: Authorization | undefined;
  /** The longest answer that is taken; any where absent. */
  readonly mostBytes?: number;
}
export const OPEN_ACCESS: Access = { backoff: BACKOFF };

export interface Answer {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** Warning header (RFC 7234 5.5): PS3.18 says by 299 that there is more than was sent. */
  readonly warning: string;
}

/** The archive says when to come again; beyond this the reader is told instead. */
const LONGEST_WAIT_MS = 60_000;
/** Sign-ins that one request asks for: a second refusal means that the reader has no right. */
const SIGN_INS = 2;
/** Statuses after which the same read may well succeed. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Reads from the archive, again after a pause where the failure may pass (RFC 9110: GET is idempotent). Nothing else is ever
 * repeated. After 401 the reader is asked to sign in, and the request completes.
 * @param accepts media types, the next one tried where the archive has none of the first (406)
 * @returns errors `archive-unreachable`, `archive-unauthorized`, `archive-not-found`, `archive-refused`, `archive-failed`,
 *   `archive-too-long`
 */
export async function read(
  url: string,
  accepts: readonly [string, ...string[]],
  options: CallOptions = {},
  { backoff, authorization, mostBytes }: Access = OPEN_ACCESS,
): Promise<Result<Answer>> {
  let [attempt, choice, signIns] = [1, 0, 0];
  for (;;) {
    const header = await authorization?.header(options);
    const headers = { Accept: accepts[choice] ?? '*/*', ...(header === undefined ? {} : { Authorization: header }) };
    const outcome = await readOnce(url, headers, options, backoff.timeoutMs, mostBytes);
    if (outcome.ok) return outcome;
    const { status, retryAfterMs } = outcome;
    if (status === 406 && choice + 1 < accepts.length) {
      choice += 1;
      continue;
    }
    if (status === 401 && authorization !== undefined && signIns < SIGN_INS) {
      signIns += 1;
      if (await authorization.renew(header, options)) continue;
      return outcome;
    }
    const passes = status === undefined || PASSING.has(status);
    const delay = retryAfterMs ?? backoff.firstDelayMs * 2 ** (attempt - 1) * (0.75 + 0.5 * Math.random());
    if (!passes || attempt >= backoff.attempts || delay > LONGEST_WAIT_MS) return outcome;
    attempt += 1;
    await pause(delay, options.signal);
  }
}

/** `status` is undefined where there was no answer. */
type Failed = {
  readonly ok: false;
  readonly error: AppError;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
};

async function readOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  { signal, onProgress }: CallOptions,
  timeoutMs: number,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<{ readonly ok: true; readonly value: Answer } | Failed> {
  signal?.throwIfAborted();
  try {
    return await withDeadline(timeoutMs, signal, async (limited) => {
      const response = await fetch(url, { headers, signal: limited });
      if (response.ok) {
        const contentType = response.headers.get('content-type') ?? '';
        const warning = response.headers.get('warning') ?? '';
        const bytes = await bodyOf(response, onProgress, mostBytes);
        if (bytes !== undefined) return ok({ bytes, contentType, warning });
        return { ...err(tooLong()), status: response.status, retryAfterMs: undefined };
      }
      await response.body?.cancel();
      const retryAfterMs = delayOf(response.headers.get('retry-after'), Date.now());
      return { ...err(statusError(response.status)), status: response.status, retryAfterMs };
    });
  } catch (thrown) {
    signal?.throwIfAborted();
    return { ...err(unreachable(thrown)), status: undefined, retryAfterMs: undefined };
  }
}

/** Retry-After in either form (RFC 9110 10.2.3): seconds, or a date. */
export function delayOf(retryAfter: string | null, now: number): number | undefined {
  if (retryAfter === null || retryAfter.trim() === '') return undefined;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Undefined where it is longer than it may be: the rest is not waited for. */
async function bodyOf(
  response: Response,
  onProgress: CallOptions['onProgress'],
  mostBytes: number,
): Promise<Uint8Array | undefined> {
  if ((onProgress === undefined && mostBytes === Number.POSITIVE_INFINITY) || response.body === null) {
    return new Uint8Array(await response.arrayBuffer());
  }
  const announced = response.headers.get('content-length');
  const total = announced === null ? undefined : Number(announced);
  const chunks: Uint8Array[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    chunks.push(piece.value);
    done += piece.value.length;
    if (done > mostBytes) {
      await reader.cancel();
      return undefined;
    }
    onProgress?.(done, total);
  }
  const bytes = new Uint8Array(done);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** What a status that is no success means to the reader. */
export function statusError(status: number): AppError {
  const context = { status };
  if (status === 401 || status === 403) {
    return appError('archive-unauthorized', 'The archive does not accept the credentials.', {
      remedy: 'Log in again, or ask your PACS administrator for access.',
      context,
    });
  }
  if (status === 404 || status === 410)
    return appError('archive-not-found', 'The archive does not have that.', {
      remedy: 'Search again: it may have been moved or deleted.',
      context,
    });
  if (status === 429) {
    return appError('archive-busy', 'The archive has too much to do (HTTP 429).', {
      remedy: 'Try again in a moment.',
      context,
    });
  }
  if (status === 502 || status === 504) {
    return appError('archive-unreachable', `The archive cannot be reached (HTTP ${status}).`, {
      remedy: CHECK_CONNECTION,
      context,
    });
  }
  if (status >= 500) {
    return appError('archive-failed', `The archive failed (HTTP ${status}).`, {
      remedy: 'Try again in a moment.',
      context,
    });
  }
  return appError('archive-refused', `The archive refused the request (HTTP ${status}).`, {
    remedy: 'Tell your PACS administrator.',
    context,
  });
}

const CHECK_CONNECTION = 'Check the network and whether the archive is running, then try again.';

export const unreachable = (cause: unknown): AppError =>
  appError('archive-unreachable', 'The archive does not answer.', {
    remedy: CHECK_CONNECTION,
    cause,
  });

const tooLong = (): AppError =>
  appError('archive-too-long', 'The archive sends more than was to be expected.', {
    remedy: 'Tell your PACS administrator.',
  });
