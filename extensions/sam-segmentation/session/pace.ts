import type { ReadableState } from '#extension-api';
import type { SessionState } from './sessionState.ts';
import { writableState } from './writableState.ts';

/** How long a slice takes in this run, or took in the last one, ms; undefined before the first. */
export interface Pace {
  readonly state: ReadableState<number | undefined>;
  stop(): void;
}

/** @param now a clock in ms, for tests */
export function measurePace(session: ReadableState<SessionState>, now: () => number = () => performance.now()): Pace {
  const state = writableState<number | undefined>(undefined);
  let run: { readonly number: number; readonly since: number } | undefined;
  const stop = session.subscribe(() => {
    const { lesion } = session.getState();
    if (lesion.phase !== 'propagating') run = undefined;
    else if (run?.number !== lesion.run) run = { number: lesion.run, since: now() };
    else if (lesion.done > 0) state.set((now() - run.since) / lesion.done);
  });
  return { state, stop };
}
