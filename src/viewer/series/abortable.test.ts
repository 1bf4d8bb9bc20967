import { describe, expect, it } from 'vitest';
import { abortable } from './abortable.ts';

describe('abortable work', () => {
  it('rejects with the reason of whichever signal is aborted, although the work never ends', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = abortable(new Promise(() => {}), first.signal, second.signal);
    second.abort('closed');
    await expect(waiting).rejects.toBe('closed');
  });

  it('passes a result and a failure on', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('does not wait when the signal was aborted before', async () => {
    await expect(abortable(Promise.resolve(7), AbortSignal.abort('early'))).rejects.toBe('early');
  });
});
