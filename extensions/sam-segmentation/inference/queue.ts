import type { InferencePriority } from './model.ts';

const ORDER: readonly InferencePriority[] = ['prompt', 'visible', 'propagation', 'prefetch'];

/** Whether a task of the first priority is run no later than one of the second; encodes without one are `visible`. */
export const isAsUrgent = (a: InferencePriority = 'visible', b: InferencePriority = 'visible'): boolean =>
  ORDER.indexOf(a) <= ORDER.indexOf(b);

interface QueuedTask {
  readonly id: number;
  readonly priority: InferencePriority;
  readonly run: () => Promise<void>;
}

/**
 * Runs one task at a time, or as many as it was made for, the most urgent first and first come first served within one
 * priority. A task that has begun is never interrupted (ONNX Runtime cannot be), which is why what waits is ordered and can
 * be cancelled.
 */
export class PriorityQueue {
  readonly #waiting = new Map<InferencePriority, QueuedTask[]>(ORDER.map((priority) => [priority, []]));
  readonly #atOnce: number;
  #running = 0;

  /** @param atOnce how many tasks may run together: one where they share a processor, more where each only waits for a server */
  constructor(atOnce = 1) {
    this.#atOnce = atOnce;
  }

  /** @param run must not reject: it reports its own failure */
  add(task: QueuedTask): void {
    this.#waiting.get(task.priority)!.push(task);
    if (this.#running < this.#atOnce) void this.#drain();
  }

  /** Drops a task that has not begun. @returns whether there was one */
  cancel(id: number): boolean {
    for (const [priority, tasks] of this.#waiting) {
      const left = tasks.filter((task) => task.id !== id);
      if (left.length === tasks.length) continue;
      this.#waiting.set(priority, left);
      return true;
    }
    return false;
  }

  clear(): void {
    for (const priority of ORDER) this.#waiting.set(priority, []);
  }

  async #drain(): Promise<void> {
    this.#running += 1;
    // Between two tasks the event loop turns once, so that a decode or a cancel that has just arrived is seen in time.
    for (let task = this.#next(); task !== undefined; task = this.#next()) {
      await task.run();
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.#running -= 1;
  }

  #next(): QueuedTask | undefined {
    return ORDER.map((priority) => this.#waiting.get(priority)!)
      .find((tasks) => tasks.length > 0)
      ?.shift();
  }
}
