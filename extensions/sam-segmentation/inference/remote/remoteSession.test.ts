import { describe, expect, it } from 'vitest';
import type { InputTensor } from '../backends/backend.ts';
import { remoteSession } from './remoteSession.ts';

const slice = (value: number, size = 2) => ({ image: { data: new Float32Array(size).fill(value), dims: [1, size] } });

/** A server that answers, with what it got, only when it is told to. */
function heldServer() {
  const requests: { dims: readonly number[]; signal: AbortSignal | undefined; answer: () => void }[] = [];
  const infer = (_model: string, feeds: Readonly<Record<string, InputTensor>>, signal?: AbortSignal) =>
    new Promise<Readonly<Record<string, { data: Float32Array; dims: readonly number[] }>>>((resolve, reject) => {
      const { data, dims } = feeds.image as { data: Float32Array; dims: readonly number[] };
      signal?.addEventListener('abort', () => reject(signal.reason));
      requests.push({ dims, signal, answer: () => resolve({ embedding: { data, dims } }) });
    });
  return { infer, requests, sizes: () => requests.map(({ dims }) => dims[0]) };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('a graph on an inference server', () => {
  it('sends together what waits, as many as the server takes, and gives each caller its own', async () => {
    const server = heldServer();
    const session = remoteSession(server, 'm', 3);
    const calls = [0, 1, 2, 3, 4].map((value) => session.run(slice(value)));
    for (let at = 0; at < 2; at += 1) {
      await turn();
      server.requests[at]!.answer();
    }
    expect((await Promise.all(calls)).map(({ embedding }) => [...embedding!.data])).toEqual(
      [0, 1, 2, 3, 4].map((value) => [value, value]),
    );
    expect(server.sizes()).toEqual([3, 2]);
  });

  it('never mixes what has another shape, and sends several requests at once where the model takes no batches', async () => {
    const server = heldServer();
    const session = remoteSession(server, 'm', 8);
    const calls = [session.run(slice(0)), session.run(slice(1)), session.run(slice(2, 3)), session.run(slice(3))];
    for (let at = 0; at < 3; at += 1) {
      await turn();
      server.requests[at]!.answer();
    }
    await Promise.all(calls);
    const fixed = heldServer();
    const single = remoteSession(fixed, 'm', 1);
    const six = [0, 1, 2, 3, 4, 5].map((value) => single.run(slice(value)));
    await turn();
    expect(fixed.sizes()).toEqual([1, 1, 1, 1]);
    for (const { answer } of fixed.requests) answer();
    await turn();
    for (const { answer } of fixed.requests) answer();
    expect((await Promise.all(six)).map(({ embedding }) => embedding!.data[0])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(server.requests.map(({ dims }) => dims)).toEqual([
      [2, 2],
      [1, 3],
      [1, 2],
    ]);
  });

  it('answers who gives up at once, and lets the batch go on for the others', async () => {
    const server = heldServer();
    const session = remoteSession(server, 'm', 8);
    const abort = new AbortController();
    const given = session.run(slice(0), { signal: abort.signal });
    const kept = session.run(slice(1));
    await turn();
    abort.abort(new Error('another slice'));
    await expect(given).rejects.toThrow('another slice');
    expect(server.requests[0]!.signal?.aborted).toBe(false);
    server.requests[0]!.answer();
    expect([...(await kept).embedding!.data]).toEqual([1, 1]);
  });

  it('gives up a batch that nobody waits for, and goes on with the next', async () => {
    const server = heldServer();
    const session = remoteSession(server, 'm', 2);
    const aborts = [new AbortController(), new AbortController()];
    const given = aborts.map(({ signal }) => session.run(slice(0), { signal }).catch(() => 'given up'));
    const next = session.run(slice(5));
    await turn();
    for (const abort of aborts) abort.abort(new Error('closed'));
    expect(await Promise.all(given)).toEqual(['given up', 'given up']);
    expect(server.requests[0]!.signal?.aborted).toBe(true);
    await turn();
    server.requests[1]!.answer();
    expect([...(await next).embedding!.data]).toEqual([5, 5]);
  });

  it('does not send what was given up while it waited', async () => {
    const server = heldServer();
    const session = remoteSession(server, 'm', 8);
    const first = session.run(slice(0));
    await turn();
    const abort = new AbortController();
    const given = session.run(slice(1), { signal: abort.signal });
    const last = session.run(slice(2));
    abort.abort(new Error('closed'));
    await expect(given).rejects.toThrow('closed');
    server.requests[0]!.answer();
    await turn();
    server.requests[1]!.answer();
    await Promise.all([first, last]);
    expect(server.sizes()).toEqual([1, 1]);
  });
});
