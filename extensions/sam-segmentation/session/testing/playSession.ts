import { type AppError, appError } from '#core/errors.ts';
import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import {
  initialSession,
  type Lesion,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SliceResult,
} from '../sessionState.ts';
import { stepSession } from '../stepSession.ts';

export const box: SliceBox = { x0: 10, y0: 10, x1: 30, y1: 30 };
export const otherBox: SliceBox = { x0: 12, y0: 12, x1: 28, y1: 28 };
export const result = (area = 100): SliceResult => ({ mask: new Uint8Array(4), area, score: 0.9, box });
export const failure: AppError = appError('worker-crashed', 'The worker crashed.');
export const drawn = (k: number, draft = false): SessionEvent => ({ kind: 'box', k, box, draft });
export const point = (k: number, inside = true): SessionEvent => ({
  kind: 'point',
  k,
  point: { at: slicePoint(20, 20), inside },
});

/** Plays events and keeps every effect. */
export function play(slices: number, ...events: readonly SessionEvent[]) {
  let state: SessionState = initialSession;
  const effects: SessionEffect[] = [];
  const send = (event: SessionEvent): void => {
    const step = stepSession(state, event);
    state = step.state;
    effects.push(...step.effects);
  };
  send({ kind: 'series-opened', slices });
  for (const event of events) send(event);
  return {
    get state() {
      return state;
    },
    effects,
    send,
    /** Answers the last preview asked for slice k. */
    answer(k: number) {
      const asked = effects.filter((effect) => effect.kind === 'preview' && effect.k === k).at(-1);
      if (asked?.kind === 'preview') send({ kind: 'preview-ready', k, revision: asked.revision, result: result() });
    },
    run(): number {
      const started = effects.filter((effect) => effect.kind === 'propagate').at(-1);
      return started?.kind === 'propagate' ? started.run : -1;
    },
    arrive(...ks: readonly number[]) {
      for (const k of ks) send({ kind: 'slices-arrived', run: this.run(), results: new Map([[k, result()]]) });
    },
    finish(first: number, last: number) {
      const run = this.run();
      send({ kind: 'end-reached', run, end: 'first', at: { k: first, reason: 'expected-end' }, dropped: [] });
      send({ kind: 'end-reached', run, end: 'last', at: { k: last, reason: 'left-lesion' }, dropped: [] });
      send({ kind: 'run-finished', run });
    },
  };
}

export function inPhase<P extends Lesion['phase']>(state: SessionState, phase: P): Extract<Lesion, { phase: P }> {
  if (state.lesion.phase !== phase) throw new Error(`The session is ${state.lesion.phase}, not ${phase}`);
  return state.lesion as Extract<Lesion, { phase: P }>;
}

/** A lesion boxed on slice 10 and propagated over 7..13. */
export function reviewed(slices = 20) {
  const session = play(slices, drawn(10));
  session.answer(10);
  session.send({ kind: 'propagate' });
  session.arrive(9, 8, 7, 11, 12, 13);
  session.finish(7, 13);
  return session;
}
