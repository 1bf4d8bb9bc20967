import { useSyncExternalStore } from 'react';

/** The shape of a value that changes (extension-api's ReadableState), restated so that ui knows no feature. */
interface Readable<T> {
  getState(): T;
  subscribe(listener: () => void): () => void;
}

/** The present value; the component renders again when it changes. The state must return the same object until it does. */
export const useReadable = <T>(state: Readable<T>): T => usePart(state, (value) => value);

/** A part of the present value; the component renders again only when that part is another by Object.is. */
export const usePart = <T, P>(state: Readable<T>, part: (value: T) => P): P =>
  useSyncExternalStore(
    (listener) => state.subscribe(listener),
    () => part(state.getState()),
    // The same without a browser: components are tested as markup.
    () => part(state.getState()),
  );
