/** A value that changes: the shape of a zustand store and of React's useSyncExternalStore. */
export interface ReadableState<T> {
  getState(): T;
  subscribe(listener: () => void): () => void;
}

/** Every asynchronous port takes these last. A cancelled call rejects with `signal.reason`. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Done and total in the port's own unit (bytes, slices, instances); total is undefined where unknown. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}
