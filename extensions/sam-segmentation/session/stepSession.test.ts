import { describe, expect, it } from 'vitest';
import { appError } from '#core/errors.ts';
import type { SessionEvent } from './sessionState.ts';
import { box, drawn, failure, inPhase, otherBox, play, point, result, reviewed } from './testing/playSession.ts';

describe('prompting', () => {
  it('asks for a preview of the slice on which a box is drawn', () => {
    const session = play(20, drawn(10));
    expect(session.effects).toEqual([{ kind: 'preview', k: 10, revision: expect.any(Number), draft: false }]);
    session.answer(10);
    expect(inPhase(session.state, 'prompting').keyframes.get(10)?.status).toBe('ready');
  });

  it('keeps the newest of many answers when a handle is dragged faster than the model decodes', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send(drawn(10, true));
    session.send(drawn(10, true));
    const asked = session.effects.flatMap((effect) => (effect.kind === 'preview' ? [effect.revision] : []));
    session.send({ kind: 'preview-ready', k: 10, revision: asked[1]!, result: result(111) });
    expect(inPhase(session.state, 'prompting').keyframes.get(10)).toMatchObject({
      status: 'working',
      result: { area: 111 },
    });
    session.send({ kind: 'preview-ready', k: 10, revision: asked[2]!, result: result(222) });
    session.send({ kind: 'preview-ready', k: 10, revision: asked[1]!, result: result(111) });
    expect(inPhase(session.state, 'prompting').keyframes.get(10)).toMatchObject({
      status: 'ready',
      result: { area: 222 },
    });
  });

  it('refuses a point on a slice without a box, and says so', () => {
    const session = play(20, drawn(10));
    const before = session.state;
    session.send(point(12));
    expect(session.state).toBe(before);
    expect(session.effects.at(-1)).toMatchObject({ kind: 'tell' });
  });

  it('forgets points that a new box leaves outside', () => {
    const session = play(20, drawn(10), point(10));
    session.send({ kind: 'box', k: 10, box: { x0: 0, y0: 0, x1: 5, y1: 5 }, draft: false });
    expect(inPhase(session.state, 'prompting').prompts.slices.get(10)?.points).toEqual([]);
  });

  it('ends the lesion with its last box', () => {
    const session = play(20, drawn(10), { kind: 'remove-slice', k: 10 });
    expect(session.state.lesion.phase).toBe('rejected');
    expect(session.effects.at(-2)).toEqual({ kind: 'stop-previews' });
  });

  it('ignores a box outside the stack', () => {
    expect(play(20, drawn(20)).state.lesion.phase).toBe('idle');
    expect(play(20, drawn(-1)).state.lesion.phase).toBe('idle');
    expect(play(20, drawn(1.5)).state.lesion.phase).toBe('idle');
  });

  it('propagates before the preview has come: the run decodes the key slice itself', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    expect(session.state.lesion.phase).toBe('propagating');
    session.arrive(10);
    expect(inPhase(session.state, 'propagating').keyframes.get(10)?.status).toBe('ready');
    expect(inPhase(session.state, 'propagating').cells.size).toBe(0);
  });

  it('does not accept what is about to change, nor what failed', () => {
    const session = play(20, drawn(10), { kind: 'accept' });
    expect(session.effects.some(({ kind }) => kind === 'commit')).toBe(false);
    const asked = session.effects[0];
    if (asked?.kind !== 'preview') throw new Error('no preview was asked');
    session.send({ kind: 'preview-failed', k: 10, revision: asked.revision, error: failure });
    session.send({ kind: 'accept' });
    expect(session.effects.some(({ kind }) => kind === 'commit')).toBe(false);
    session.send({ kind: 'retry' });
    session.answer(10);
    session.send({ kind: 'accept' });
    expect(session.effects.at(-1)).toEqual({ kind: 'commit' });
  });

  it('asks again for every box when the window changes', () => {
    const session = play(20, drawn(10), drawn(14), { kind: 'window-changed' });
    const asked = session.effects.flatMap((effect) => (effect.kind === 'preview' ? [effect.k] : []));
    expect(asked).toEqual([10, 14, 10, 14]);
  });
});

describe('propagating', () => {
  it('drops slices that the planner looked at beyond the end, and those with an empty mask', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    session.arrive(10, 9, 8, 7, 11);
    const run = session.run();
    session.send({ kind: 'slices-arrived', run, results: new Map([[12, result(0)]]) });
    session.send({ kind: 'end-reached', run, end: 'first', at: { k: 9, reason: 'left-lesion' }, dropped: [8, 7] });
    session.send({ kind: 'end-reached', run, end: 'last', at: { k: 12, reason: 'empty-mask' }, dropped: [] });
    session.send({ kind: 'run-finished', run });
    expect([...inPhase(session.state, 'reviewing').cells.keys()]).toEqual([9, 11]);
  });

  it('starts one run when Enter is pressed twice', () => {
    const session = play(20, drawn(10), { kind: 'propagate' }, { kind: 'propagate' });
    expect(session.effects.filter(({ kind }) => kind === 'propagate')).toHaveLength(1);
  });

  it('reaches review with the reason of each end', () => {
    const lesion = inPhase(reviewed().state, 'reviewing');
    expect([...lesion.cells.keys()].sort((a, b) => a - b)).toEqual([7, 8, 9, 11, 12, 13]);
    expect(lesion.ends).toEqual({ first: { k: 7, reason: 'expected-end' }, last: { k: 13, reason: 'left-lesion' } });
  });

  it('keeps what has arrived on Escape and drops all on the next', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send({ kind: 'propagate' });
    session.arrive(9, 8);
    session.send({ kind: 'escape' });
    const kept = inPhase(session.state, 'reviewing');
    expect([...kept.cells.keys()]).toEqual([9, 8]);
    expect(kept.ends).toEqual({ first: { k: 8, reason: 'cancelled' }, last: { k: 10, reason: 'cancelled' } });
    expect(session.effects).toContainEqual({ kind: 'stop-run' });
    session.send({ kind: 'escape' });
    expect(session.state.lesion.phase).toBe('rejected');
  });

  it('goes back to the prompt when it is cancelled during the first encode', () => {
    const session = play(20, drawn(10), { kind: 'propagate' }, { kind: 'escape' });
    expect(inPhase(session.state, 'prompting').prompts.slices.has(10)).toBe(true);
  });

  it('ignores slices that arrive from a run that was stopped', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    const old = session.run();
    session.arrive(9);
    session.send({ kind: 'escape' });
    session.send({ kind: 'propagate' });
    session.send({ kind: 'slices-arrived', run: old, results: new Map([[3, result()]]) });
    session.send({ kind: 'run-finished', run: old });
    expect(inPhase(session.state, 'propagating').cells.has(3)).toBe(false);
  });

  it('keeps prompts and slices when the worker crashes, and continues on retry', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    session.arrive(9);
    session.send({ kind: 'run-failed', run: session.run(), error: failure });
    const broken = inPhase(session.state, 'reviewing');
    expect(broken.problem).toBe(failure);
    expect(broken.ends.last).toEqual({ k: 10, reason: 'failed' });
    session.send({ kind: 'retry' });
    const again = inPhase(session.state, 'propagating');
    expect(again.cells.has(9)).toBe(true);
    expect(again.ends).toEqual({});
  });

  it('offers retry from the prompt when nothing had arrived before the failure', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    session.send({ kind: 'run-failed', run: session.run(), error: failure });
    expect(inPhase(session.state, 'prompting').problem).toBe(failure);
  });

  it('stops for a box that is drawn meanwhile and makes it a keyframe', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    session.arrive(9, 8);
    session.send(drawn(8));
    const lesion = inPhase(session.state, 'reviewing');
    expect(session.effects).toContainEqual({ kind: 'stop-run' });
    expect([...lesion.prompts.slices.keys()]).toEqual([10, 8]);
    expect([...lesion.stale]).toEqual([9]);
    expect(lesion.ends).toEqual({});
  });

  it('does not let a point in the void stop the run', () => {
    const session = play(20, drawn(10), { kind: 'propagate' });
    session.send(point(3));
    expect(session.state.lesion.phase).toBe('propagating');
    expect(session.effects).not.toContainEqual({ kind: 'stop-run' });
  });

  it('reviews a series of one slice at once', () => {
    const session = play(1, drawn(0));
    session.answer(0);
    session.send({ kind: 'propagate' });
    session.finish(0, 0);
    expect(inPhase(session.state, 'reviewing').cells.size).toBe(0);
    session.send({ kind: 'accept' });
    expect(session.effects.at(-1)).toEqual({ kind: 'commit' });
  });
});

describe('reviewing', () => {
  it('makes a re-boxed end slice a keyframe and redoes only its side', () => {
    const session = reviewed();
    session.send({ kind: 'box', k: 13, box: otherBox, draft: false });
    const lesion = inPhase(session.state, 'reviewing');
    expect([...lesion.prompts.slices.keys()]).toEqual([10, 13]);
    expect(lesion.prompts.range).toEqual({ first: undefined, last: 13 });
    expect([...lesion.stale].sort((a, b) => a - b)).toEqual([11, 12]);
    expect(lesion.ends).toEqual({ first: { k: 7, reason: 'expected-end' } });
    expect(lesion.keyframes.get(13)).toMatchObject({ status: 'working', result: { area: 100 } });
  });

  it('takes a box short of the end for a correction, not for an end', () => {
    const session = reviewed();
    session.send(drawn(12));
    session.send(drawn(10));
    expect(inPhase(session.state, 'reviewing').prompts.range).toEqual({ first: undefined, last: undefined });
  });

  it('bounds what is redone by the keyframes on both sides', () => {
    const session = reviewed();
    session.send(drawn(13));
    session.answer(13);
    session.send({ kind: 'propagate' });
    session.arrive(11, 12);
    session.finish(7, 13);
    session.send(drawn(11));
    expect([...inPhase(session.state, 'reviewing').stale]).toEqual([12]);
  });

  it('redoes the whole side when its end is set by hand, and drops what lies beyond', () => {
    const session = reviewed();
    session.send({ kind: 'set-end', end: 'last', k: 12 });
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.cells.has(13)).toBe(false);
    expect([...lesion.stale].sort((a, b) => a - b)).toEqual([11, 12]);
    expect(lesion.ends.first?.k).toBe(7);
    session.send({ kind: 'set-end', end: 'last', k: 15 });
    expect([...inPhase(session.state, 'reviewing').stale].sort((a, b) => a - b)).toEqual([11, 12, 13, 14, 15]);
  });

  it('does not let an end cut off a slice with a box', () => {
    const session = reviewed();
    session.send({ kind: 'set-end', end: 'last', k: 4 });
    expect(inPhase(session.state, 'reviewing').prompts.range.last).toBe(10);
  });

  it('keeps an end inside the stack', () => {
    const session = reviewed();
    session.send({ kind: 'set-end', end: 'last', k: 99 });
    expect(inPhase(session.state, 'reviewing').prompts.range.last).toBe(19);
  });

  it('takes the box of a propagated slice for a point on it', () => {
    const session = reviewed();
    session.send(point(12, false));
    const prompt = inPhase(session.state, 'reviewing').prompts.slices.get(12);
    expect(prompt?.box).toEqual(box);
    expect(prompt?.points).toHaveLength(1);
  });

  it('turns a keyframe whose prompt is removed back into a slice to be redone', () => {
    const session = reviewed();
    session.send(drawn(12));
    session.answer(12);
    session.send({ kind: 'remove-slice', k: 12 });
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.stale.has(12)).toBe(true);
    expect(lesion.cells.has(12)).toBe(true);
  });

  it('drops slices that a redone side no longer reaches', () => {
    const session = reviewed();
    session.send(drawn(10));
    session.answer(10);
    session.send({ kind: 'propagate' });
    session.arrive(9, 11);
    session.finish(9, 11);
    expect([...inPhase(session.state, 'reviewing').cells.keys()].sort((a, b) => a - b)).toEqual([9, 11]);
  });

  it('commits once and then takes the next box for another lesion', () => {
    const session = reviewed();
    session.send({ kind: 'accept' });
    session.send({ kind: 'committed', segment: 1, label: 'Lesion 1', slices: 7 });
    session.send({ kind: 'accept' });
    expect(session.effects.filter(({ kind }) => kind === 'commit')).toHaveLength(1);
    session.send(drawn(3));
    expect([...inPhase(session.state, 'prompting').prompts.slices.keys()]).toEqual([3]);
    expect(session.state.into).toEqual({ kind: 'new' });
  });

  it('brings a rejected lesion back as it was', () => {
    const session = reviewed();
    const before = session.state.lesion;
    session.send({ kind: 'escape' });
    session.send({ kind: 'restore' });
    expect(session.state.lesion).toBe(before);
  });
});

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
