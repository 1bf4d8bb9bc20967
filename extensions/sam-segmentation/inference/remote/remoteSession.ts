import type { GraphSession, InputTensor, TensorValue } from '../backends/backend.ts';
import type { InferenceServer } from './inferenceServer.ts';
import { stack, stackable, unstack } from './stack.ts';

type Feeds = Readonly<Record<string, InputTensor>>;
type Outputs = Readonly<Record<string, TensorValue>>;

interface Waiting {
  readonly feeds: Feeds;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * A graph that runs on an inference server. What is asked for while a request is under way leaves together as one batch, as far
 * as the server's model takes batches: encodes of a propagation then cost one round trip for several slices.
 * @param mostExamples per request; 1 where the model's first axis is fixed
 */
export function remoteSession(server: InferenceServer, model: string, mostExamples: number): GraphSession {
  const waiting: Waiting[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
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
    running = false;
  }

  function nextBatch(): Waiting[] {
    const first = waiting.shift();
    if (first === undefined) return [];
    if (first.signal?.aborted) {
      first.reject(first.signal.reason);
      return nextBatch();
    }
    const batch = [first];
    while (batch.length < mostExamples && waiting[0] !== undefined && stackable(first.feeds, waiting[0].feeds)) {
      batch.push(waiting.shift()!);
    }
    return batch;
  }

  async function request(batch: readonly Waiting[]): Promise<readonly Outputs[]> {
    const [first] = batch;
    // A batch is given up only when nobody wants any of it.
    if (first !== undefined && batch.length === 1) return [await server.infer(model, first.feeds, first.signal)];
    return unstack(await server.infer(model, stack(batch.map(({ feeds }) => feeds))), batch.length);
  }

  return {
    run: (feeds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        waiting.push({ feeds, signal, resolve, reject });
        if (!running) void drain();
      }),
    dispose: async () => undefined,
  };
}
