import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';

/** A state of one value that its owner sets. */
export interface Cell<T> extends ReadableState<T> {
  set(value: T): void;
}

export function cell<T>(initial: T): Cell<T> {
  const store = createStore<{ readonly value: T }>(() => ({ value: initial }));
  return {
    getState: () => store.getState().value,
    subscribe: (listener) => store.subscribe(listener),
    set: (value) => store.setState({ value }),
  };
}
