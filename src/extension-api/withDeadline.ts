/**
 * Runs work under a time limit and the caller's own signal. The timer is one of our own: a signal composed by AbortSignal.any may be
 * collected as garbage before it fires, and a silent server is then waited for without end (seen in Node 20).
 * @param work gets the signal; what it does with the answer counts too
 * @returns what `work` returns; rejects as it does, the signal's reason being a TimeoutError or the caller's
 */
export async function withDeadline<T>(
  milliseconds: number,
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const late = (): void => abort.abort(new DOMException(`no answer in ${milliseconds / 1000} s`, 'TimeoutError'));
  const timer = setTimeout(late, milliseconds);
  const passOn = (): void => abort.abort(given?.reason);
  given?.addEventListener('abort', passOn);
  if (given?.aborted) passOn();
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(timer);
    given?.removeEventListener('abort', passOn);
  }
}
