import { describe, expect, it } from 'vitest';
import { withDeadline } from './withDeadline.ts';

/** Ends only when it is told to, like a request to a silent server. */
const silent = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('withDeadline', () => {
  it('ends what takes too long', async () => {
    await expect(withDeadline(20, undefined, silent)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(withDeadline(20, new AbortController().signal, silent)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it("ends with the caller's reason, also where that came first", async () => {
    const abort = new AbortController();
    const running = withDeadline(60_000, abort.signal, silent);
    abort.abort(new Error('closed'));
    await expect(running).rejects.toThrow('closed');
    await expect(withDeadline(60_000, abort.signal, silent)).rejects.toThrow('closed');
  });

  it('gives back what came in time', async () => {
    await expect(withDeadline(1000, undefined, async () => 3)).resolves.toBe(3);
  });
});
