import { describe, expect, it } from 'vitest';
import { drawn, failure, inPhase, play, point, result, reviewed } from './testing/playSession.ts';

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
