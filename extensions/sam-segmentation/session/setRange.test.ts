import { describe, expect, it } from 'vitest';
import type { SessionEvent } from './sessionState.ts';
import { drawn, inPhase, play, reviewed } from './testing/playSession.ts';

const ranged = (first: number, last: number): SessionEvent => ({ kind: 'set-range', first, last });

describe('both ends given in one stroke', () => {
  it('is one step that is told, and taken back as one', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send(ranged(8, 13));
    expect(inPhase(session.state, 'prompting').prompts.range).toEqual({ first: 8, last: 13 });
    expect(session.effects.at(-1)).toEqual({
      kind: 'tell',
      text: 'The lesion goes over slices 9 to 14, as you drew it.',
    });
    expect(session.state.history.past.at(-1)?.label).toBe('Range: slices 9 to 14');
    session.send({ kind: 'undo' });
    expect(inPhase(session.state, 'prompting').prompts.range).toEqual({ first: undefined, last: undefined });
    session.send({ kind: 'redo' });
    expect(inPhase(session.state, 'prompting').prompts.range).toEqual({ first: 8, last: 13 });
  });

  it('drops what lies beyond it at once, and has both sides made anew', () => {
    const session = reviewed();
    session.send(ranged(8, 15));
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.cells.has(7)).toBe(false);
    expect([...lesion.stale].sort((a, b) => a - b)).toEqual([8, 9, 11, 12, 13, 14, 15]);
    expect(lesion.ends).toEqual({});
    session.send({ kind: 'undo' });
    expect(inPhase(session.state, 'reviewing').cells.has(7)).toBe(true);
  });

  it('leaves a side alone whose end stays where the reader had put it', () => {
    const session = reviewed();
    session.send(ranged(7, 13));
    session.send({ kind: 'propagate' });
    session.arrive(7, 8, 9, 11, 12, 13);
    session.finish(7, 13);
    session.send(ranged(7, 12));
    const lesion = inPhase(session.state, 'reviewing');
    expect([...lesion.stale].sort((a, b) => a - b)).toEqual([11, 12]);
    expect(lesion.ends.first?.k).toBe(7);
    const before = session.state;
    session.send(ranged(7, 12));
    expect(session.state).toBe(before);
  });

  it('ends a run, and means nothing where there is no box', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send({ kind: 'propagate' });
    session.arrive(9, 11);
    session.send(ranged(8, 12));
    expect(session.effects).toContainEqual({ kind: 'stop-run' });
    expect(inPhase(session.state, 'reviewing').prompts.range).toEqual({ first: 8, last: 12 });
    const empty = play(20, ranged(3, 4));
    expect(empty.state.lesion.phase).toBe('idle');
    expect(empty.effects).toEqual([]);
  });
});
