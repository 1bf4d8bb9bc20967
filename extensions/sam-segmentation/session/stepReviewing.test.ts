import { describe, expect, it } from 'vitest';
import { box, drawn, inPhase, otherBox, point, reviewed } from './testing/playSession.ts';

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
