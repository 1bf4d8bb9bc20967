/** Longest piece of work between two turns of the event loop, ms: a screen that is drawn 60 times a second has 16. */
const PIECE_MS = 8;

/** Lets the event loop do what waits: what follows is a task of its own. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * Gives the event loop a turn when a piece of work has become long: called between the slices of a loop, so that the main thread
 * has no long task.
 */
export function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < PIECE_MS) return;
    await turn();
    since = performance.now();
  };
}
