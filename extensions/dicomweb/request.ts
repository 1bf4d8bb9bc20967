import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';

/** How reads are repeated; injected so that tests need not wait. */
export interface Backoff {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly timeoutMs: number;
}
export const BACKOFF: Backoff = { attempts: 4, firstDelayMs: 250, timeoutMs: 120_000 };

const LONGEST_WAIT_MS = 10_000;
/** Statuses after which the same read may well succeed. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Reads from the archive, again after a pause where the failure may pass (RFC 9110: GET is idempotent). Nothing else is ever
 * repeated.
 * @returns errors `archive-unreachable`, `archive-unauthorized`, `archive-not-found`, `archive-refused`, `archive-failed`
 */
export async function read(
  url: string,
  accept: string,
  { signal, onProgress }: CallOptions = {},
  backoff: Backoff = BACKOFF,
): Promise<Result<{ readonly bytes: Uint8Array; readonly contentType: string }>> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await readOnce(url, accept, { signal, onProgress }, backoff.timeoutMs);
    if (outcome.kind === 'done' || attempt >= backoff.attempts) return outcome.result;
    const delay = outcome.retryAfterMs ?? backoff.firstDelayMs * 2 ** (attempt - 1) * (0.75 + 0.5 * Math.random());
    await pause(Math.min(delay, LONGEST_WAIT_MS), signal);
  }
}

type Attempt =
  | { readonly kind: 'done'; readonly result: Result<{ readonly bytes: Uint8Array; readonly contentType: string }> }
  | {
      readonly kind: 'again';
      readonly result: { readonly ok: false; readonly error: AppError };
      readonly retryAfterMs?: number;
    };

interface AttemptOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: CallOptions['onProgress'];
}

async function readOnce(
  url: string,
  accept: string,
  { signal, onProgress }: AttemptOptions,
  timeoutMs: number,
): Promise<Attempt> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      headers: { Accept: accept },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (response.ok) {
      const contentType = response.headers.get('content-type') ?? '';
      return { kind: 'done', result: ok({ bytes: await bodyOf(response, onProgress), contentType }) };
    }
    await response.body?.cancel();
    const result = err(statusError(response.status));
    if (!PASSING.has(response.status)) return { kind: 'done', result };
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    return { kind: 'again', result, ...(Number.isFinite(retryAfter) && { retryAfterMs: retryAfter * 1000 }) };
  } catch (thrown) {
    signal?.throwIfAborted();
    return { kind: 'again', result: err(unreachable(thrown)) };
  }
}

async function bodyOf(response: Response, onProgress: CallOptions['onProgress']): Promise<Uint8Array> {
  if (onProgress === undefined || response.body === null) return new Uint8Array(await response.arrayBuffer());
  const announced = response.headers.get('content-length');
  const total = announced === null ? undefined : Number(announced);
  const chunks: Uint8Array[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    chunks.push(piece.value);
    done += piece.value.length;
    onProgress(done, total);
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

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
