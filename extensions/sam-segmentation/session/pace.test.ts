import { describe, expect, it } from 'vitest';
import { measurePace } from './pace.ts';
import { drawn, play } from './testing/playSession.ts';
import { writableState } from './writableState.ts';

describe('the pace of a run', () => {
  it('is the time of a slice, from the beginning of the run, and is remembered until the next', () => {
    const session = play(20, drawn(10));
    const state = writableState(session.state);
    let clock = 500;
    const pace = measurePace(state, () => clock);
    const send = (event: Parameters<typeof session.send>[0]): void => {
      session.send(event);
      state.set(session.state);
    };
    send({ kind: 'propagate' });
    expect(pace.state.getState()).toBeUndefined();
    for (const k of [9, 11, 8]) {
      clock += 300;
      session.arrive(k);
      state.set(session.state);
    }
    expect(pace.state.getState()).toBe(300);
    send({ kind: 'escape' });
    clock += 60_000;
    expect(pace.state.getState()).toBe(300);
    send({ kind: 'propagate' });
    clock += 50;
    session.arrive(12);
    state.set(session.state);
    expect(pace.state.getState()).toBe(50);
  });
});
