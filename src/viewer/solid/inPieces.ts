/** Longest that a piece of work holds the screen, ms. */
const PIECE_MS = 10;

/** Runs work to its end, giving the screen its turn between pieces. Rejects with the signal's reason. */
export async function inPieces<T>(work: Generator<void, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const end = performance.now() + PIECE_MS;
    let piece = work.next();
    while (!piece.done && performance.now() < end) piece = work.next();
    if (piece.done) return piece.value;
    await new Promise((resolve) => setTimeout(resolve));
  }
}
