/** Lets at most `parallel` calls run at a time; the others wait in turn. A waiting call whose signal aborts leaves the queue. */
export function limited(parallel: number): <T>(call: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        const place = waiting.indexOf(go);
        if (place >= 0) waiting.splice(place, 1);
        reject(signal?.reason);
      };
      waiting.push(go);
      signal?.addEventListener('abort', leave, { once: true });
    });
  return async (call, signal) => {
    signal?.throwIfAborted();
    if (running >= parallel) await turn(signal);
    else running += 1;
    try {
      return await call();
    } finally {
      // The place is handed over, not freed, so that nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
