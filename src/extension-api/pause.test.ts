import { describe, expect, it } from 'vitest';
import { pause } from './pause.ts';

describe('pause', () => {
  it('waits as long as it is told', async () => {
    const start = performance.now();
    await pause(30, new AbortController().signal);
    expect(performance.now() - start).toBeGreaterThan(25);
  });

  it("ends with the caller's reason at once, also where that came first", async () => {
    const abort = new AbortController();
    const waiting = pause(60_000, abort.signal);
    abort.abort(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
    await expect(pause(60_000, abort.signal)).rejects.toThrow('closed');
  });
});
