import type { WritableState } from '../state.ts';

/** Slices that run by themselves, round and round. */
export interface Cine {
  setPlaying(on: boolean): void;
}

/**
 * A slice is shown when the one before it was drawn: a slow machine runs slower instead of falling behind.
 * @param step goes one slice on; resolves when it is on the screen
 */
export function createCine(
  playing: WritableState<boolean>,
  framesPerSecond: WritableState<number>,
  step: () => Promise<void>,
): Cine {
  let run = 0;

  async function play(ticket: number): Promise<void> {
    while (run === ticket && playing.getState()) {
      const started = performance.now();
      await step();
      const left = 1000 / framesPerSecond.getState() - (performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
    }
  }

  return {
    setPlaying: (on) => {
      if (on === playing.getState()) return;
      run += 1;
      playing.set(on);
      if (on) void play(run);
    },
  };
}
