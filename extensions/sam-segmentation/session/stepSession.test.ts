import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import type { SessionEvent } from './sessionState.ts';
import { drawn, failure, inPhase, play, result, reviewed } from './testing/playSession.ts';

describe('the ground', () => {
  it('stops everything when the series changes', () => {
    const session = play(20, drawn(10), { kind: 'propagate' }, { kind: 'series-opened', slices: 5 });
    expect(session.state.lesion.phase).toBe('idle');
    expect(session.effects.slice(-2)).toEqual([{ kind: 'stop-previews' }, { kind: 'stop-run' }]);
  });

  it('takes no late answer of the old series for one of the new', () => {
    const session = play(20, drawn(10));
    const asked = session.effects[0];
    session.send({ kind: 'series-opened', slices: 20 });
    session.send(drawn(10));
    if (asked?.kind !== 'preview') throw new Error('no preview was asked');
    session.send({ kind: 'preview-ready', k: 10, revision: asked.revision, result: result(7) });
    expect(inPhase(session.state, 'prompting').keyframes.get(10)?.status).toBe('working');
  });

  it('lets nothing be drawn on a series that can only be viewed', () => {
    const session = play(20, { kind: 'series-refused', error: appError('geometry-not-usable', 'No.') }, drawn(10));
    expect(session.state.lesion.phase).toBe('idle');
  });
});

describe('an event without meaning', () => {
  const events: readonly SessionEvent[] = [
    { kind: 'preview-ready', k: 3, revision: 1, result: result() },
    { kind: 'preview-failed', k: 3, revision: 1, error: failure },
    { kind: 'slices-arrived', run: 999, results: new Map([[3, result()]]) },
    { kind: 'run-expects', run: 999, slices: { first: 1, last: 3 } },
    { kind: 'end-reached', run: 999, end: 'first', at: { k: 1, reason: 'range' }, dropped: [] },
    { kind: 'run-finished', run: 999 },
    { kind: 'run-failed', run: 999, error: failure },
    { kind: 'remove-point', k: 3, index: 0 },
    { kind: 'remove-slice', k: 3 },
  ];
  const phases = {
    idle: () => play(20),
    prompting: () => play(20, drawn(10)),
    propagating: () => play(20, drawn(10), { kind: 'propagate' }),
    reviewing: () => reviewed(),
    rejected: () => play(20, drawn(10), { kind: 'escape' }),
  };

  it.each(Object.keys(phases) as (keyof typeof phases)[])('changes nothing while %s', (phase) => {
    const session = phases[phase]();
    expect(session.state.lesion.phase).toBe(phase);
    for (const event of events) {
      const before = session.state;
      const effects = session.effects.length;
      session.send(event);
      expect(session.state.lesion).toEqual(before.lesion);
      expect(session.effects).toHaveLength(effects);
    }
  });

  it.each(['propagate', 'accept', 'escape', 'restore', 'retry'] as const)(
    '%s means nothing before a box is drawn',
    (kind) => {
      const session = play(20, { kind });
      expect(session.state.lesion).toEqual({ phase: 'idle' });
      expect(session.effects).toEqual([]);
    },
  );
});
