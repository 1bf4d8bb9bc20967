import { describe, expect, it } from 'vitest';
import type { InferencePriority } from './model.ts';
import { PriorityQueue } from './queue.ts';

/** A queue whose first task is held until `go`, so that what arrives meanwhile has to wait. */
function held() {
  const queue = new PriorityQueue();
  const ran: number[] = [];
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  queue.add({ id: 0, priority: 'prefetch', run: () => gate });
  const add = (id: number, priority: InferencePriority, run = async () => void ran.push(id)): void =>
    queue.add({ id, priority, run });
  const finished = () =>
    new Promise<void>((resolve) => queue.add({ id: 99, priority: 'prefetch', run: async () => resolve() }));
  return { queue, ran, add, go, finished };
}

describe('PriorityQueue', () => {
  it('decodes before it encodes the slice in view, before propagation, before prefetch', async () => {
    const { ran, add, go, finished } = held();
    add(1, 'prefetch');
    add(2, 'propagation');
    add(3, 'visible');
    add(4, 'prompt');
    add(5, 'prompt');
    go();
    await finished();
    expect(ran).toEqual([4, 5, 3, 2, 1]);
  });

  it('lets a prompt overtake a propagation that is already under way', async () => {
    const { ran, add, go, finished } = held();
    add(1, 'propagation', async () => {
      ran.push(1);
      setTimeout(() => add(9, 'prompt'));
    });
    add(2, 'propagation');
    add(3, 'propagation');
    go();
    await finished();
    expect(ran).toEqual([1, 9, 2, 3]);
  });

  it('drops what was cancelled before it began, and only that', async () => {
    const { queue, ran, add, go, finished } = held();
    add(1, 'propagation');
    add(2, 'propagation');
    expect(queue.cancel(1)).toBe(true);
    expect(queue.cancel(1)).toBe(false);
    expect(queue.cancel(0)).toBe(false);
    go();
    await finished();
    expect(ran).toEqual([2]);
  });
});
