import { createStore } from 'zustand/vanilla';
import type { ReadableState } from '#extension-api';

/** A {@link ReadableState} with its writer; listeners hear only of values that differ by Object.is. */
export interface WritableState<T> extends ReadableState<T> {
  set(value: T): void;
}

export function writableState<T>(initial: T): WritableState<T> {
  const store = createStore<{ readonly value: T }>(() => ({ value: initial }));
  return {
    getState: () => store.getState().value,
    subscribe: (listener) => store.subscribe(() => listener()),
    set: (value) => {
      if (!Object.is(store.getState().value, value)) store.setState({ value });
    },
  };
}
