import type { ReadableState } from '#extension-api';

export interface WritableState<T> extends ReadableState<T> {
  set(value: T): void;
}

/** A value with listeners, who hear only of values that differ by Object.is. */
export function writableState<T>(initial: T): WritableState<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    getState: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
