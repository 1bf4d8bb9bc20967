/** Settles as `work` does, or rejects with the signal's reason as soon as one is aborted. */
export async function abortable<T>(work: Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
  const signal = AbortSignal.any([...signals]);
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
