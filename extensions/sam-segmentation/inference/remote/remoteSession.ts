import type { GraphSession, InputTensor, TensorValue } from '../backends/backend.ts';
import type { InferenceServer } from './inferenceServer.ts';
import { stack, stackable, unstack } from './stack.ts';

type Feeds = Readonly<Record<string, InputTensor>>;
type Outputs = Readonly<Record<string, TensorValue>>;

interface Call {
  readonly feeds: Feeds;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (cause: unknown) => void;
}

/** Enough to hide the way to a server that works at one of them at a time. */
const REQUESTS_AT_ONCE = 4;

/**
 * A graph that runs on an inference server. What is asked for while a request is under way leaves together as one batch, as far
 * as the server's model takes batches: encodes of a propagation then cost one round trip for several slices. A model that takes
 * no batches gets several requests at once instead, so that it need not wait for the way there and back.
 * @param mostExamples per request; 1 where the model's first axis is fixed
 */
export function remoteSession(
  server: Pick<InferenceServer, 'infer'>,
  model: string,
  mostExamples: number,
): GraphSession {
  const waiting: Call[] = [];
  const mostRequests = mostExamples === 1 ? REQUESTS_AT_ONCE : 1;
  let running = 0;

  async function drain(): Promise<void> {
    running += 1;
    // The calls of one turn of the event loop are together in the first batch.
    await Promise.resolve();
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      try {
        const outputs = await request(batch);
        for (const [index, call] of batch.entries()) call.resolve(outputs[index]!);
      } catch (cause) {
        for (const call of batch) call.reject(cause);
      }
    }
    running -= 1;
  }

  function nextBatch(): readonly Call[] {
    const [first] = waiting;
    if (first === undefined) return [];
    const apart = waiting.findIndex(({ feeds }, index) => index > 0 && !stackable(first.feeds, feeds));
    return waiting.splice(0, Math.min(mostExamples, apart === -1 ? waiting.length : apart));
  }

  /** Given up only when nobody waits for any of it any more: the others' slices are on their way already. */
  async function request(batch: readonly Call[]): Promise<readonly Outputs[]> {
    const unwanted = new AbortController();
    const look = (): void => {
      if (batch.every(({ signal }) => signal?.aborted)) unwanted.abort(batch[0]?.signal?.reason);
    };
    for (const { signal } of batch) signal?.addEventListener('abort', look);
    try {
      const { feeds } = batch[0]!;
      if (batch.length === 1) return [await server.infer(model, feeds, unwanted.signal)];
      return unstack(await server.infer(model, stack(batch.map((call) => call.feeds)), unwanted.signal), batch.length);
    } finally {
      for (const { signal } of batch) signal?.removeEventListener('abort', look);
    }
  }

  return {
    run: (feeds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        // Whoever gives up is answered at once, whatever becomes of the request that it is part of.
        const giveUp = (): void => {
          const at = waiting.indexOf(call);
          if (at !== -1) waiting.splice(at, 1);
          reject(signal?.reason);
        };
        const settled = (): void => signal?.removeEventListener('abort', giveUp);
        const call: Call = {
          feeds,
          signal,
          resolve(outputs) {
            settled();
            resolve(outputs);
          },
          reject(cause) {
            settled();
            reject(cause);
          },
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        waiting.push(call);
        if (running < mostRequests) void drain();
      }),
    dispose: async () => undefined,
  };
}
