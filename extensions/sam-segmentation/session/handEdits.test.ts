import { describe, expect, it } from 'vitest';
import type { SessionEvent, SliceResult } from './sessionState.ts';
import { lesionResults } from './shownMasks.ts';
import { box, drawn, inPhase, play, point, reviewed } from './testing/playSession.ts';

const byHand = (area: number): SliceResult => ({
  mask: Uint8Array.of(area > 0 ? 1 : 0, 0, 0, 0),
  area,
  score: undefined,
  box: { x0: 3, y0: 3, x1: 6, y1: 6 },
});
const stroke = (k: number, area = 40): SessionEvent => ({
  kind: 'paint',
  k,
  label: `Paint ${k}`,
  result: byHand(area),
});
const prompted = (session: ReturnType<typeof play>) => [...inPhase(session.state, 'reviewing').prompts.slices.keys()];

describe('a slice painted during a review', () => {
  it('becomes a keyframe with the mask of the hand, and only what depends on it is to be redone', () => {
    const session = reviewed();
    session.send(stroke(12));
    const lesion = inPhase(session.state, 'reviewing');
    expect(prompted(session).sort()).toEqual([10, 12]);
    expect(lesion.keyframes.get(12)).toMatchObject({ status: 'ready', result: { area: 40 } });
    expect([...lesion.stale].sort((a, b) => a - b)).toEqual([11, 13]);
    expect(lesion.ends.first).toEqual({ k: 7, reason: 'expected-end' });
    expect(lesion.ends.last).toBeUndefined();
    expect(session.effects.at(-1)?.kind, 'the model is not asked').not.toBe('preview');
  });

  it('keeps its mask through another run, whatever the run finds there', () => {
    const session = reviewed();
    session.send(stroke(12));
    session.send({ kind: 'propagate' });
    session.arrive(11, 12, 13);
    session.finish(7, 13);
    const results = lesionResults(session.state.lesion);
    expect(results.get(12)?.area).toBe(40);
    expect(results.get(11)?.area).toBe(100);
  });

  it('is asked of the model again when the reader boxes it', () => {
    const session = reviewed();
    session.send(stroke(12));
    session.send(drawn(12));
    expect(inPhase(session.state, 'reviewing').prompts.slices.get(12)).toEqual({ box, points: [] });
    expect(session.effects.at(-1)).toMatchObject({ kind: 'preview', k: 12 });
  });

  it('stops a run that is under way, and keeps what it had found', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send({ kind: 'propagate' });
    session.arrive(9, 11);
    session.send(stroke(11));
    expect(session.effects.at(-1)).toEqual({ kind: 'stop-run' });
    expect(inPhase(session.state, 'reviewing').keyframes.get(11)?.result?.area).toBe(40);
    expect(inPhase(session.state, 'reviewing').cells.has(9)).toBe(true);
  });
});

describe('a slice erased during a review', () => {
  it('beyond the boxes is where the lesion ends', () => {
    const session = reviewed();
    session.send(stroke(13, 0));
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.prompts.range.last).toBe(12);
    expect(lesion.cells.has(13)).toBe(false);
    expect(prompted(session)).toEqual([10]);
  });

  it('between two boxes stays empty', () => {
    const session = reviewed();
    session.send(stroke(12));
    session.send(stroke(11, 0));
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.prompts.range).toEqual({ first: undefined, last: undefined });
    expect(lesionResults(lesion).get(11)?.area).toBe(0);
  });

  it('is refused in words where nothing else would be left, and ignored where there was nothing', () => {
    const session = reviewed();
    const before = session.state;
    session.send(stroke(10, 0));
    expect(session.effects.at(-1)).toMatchObject({ kind: 'tell', refused: true });
    session.send(stroke(2, 0));
    expect(session.state.lesion).toBe(before.lesion);
  });
});

describe('slices changed by rule', () => {
  it('are taken as they are: nothing has to be redone, and prompted slices keep the new mask', () => {
    const session = reviewed();
    const results = new Map([8, 10, 12].map((k) => [k, byHand(55)] as const)).set(13, byHand(0));
    session.send({ kind: 'reshape', label: 'Smooth', results });
    const lesion = inPhase(session.state, 'reviewing');
    expect(lesion.stale.size).toBe(0);
    expect(lesion.keyframes.get(10)?.result?.area).toBe(55);
    expect(lesion.cells.get(12)?.area).toBe(55);
    expect(lesion.cells.has(13)).toBe(false);
    expect(prompted(session)).toEqual([10]);
  });

  it('make a lesion to review out of boxes that were never propagated', () => {
    const session = play(20, drawn(5), drawn(8));
    session.answer(5);
    session.answer(8);
    session.send({ kind: 'reshape', label: 'Fill', results: new Map([6, 7].map((k) => [k, byHand(30)] as const)) });
    const lesion = inPhase(session.state, 'reviewing');
    expect([...lesionResults(lesion).keys()].sort()).toEqual([5, 6, 7, 8]);
    session.send({ kind: 'accept' });
    expect(session.effects.at(-1)).toEqual({ kind: 'commit' });
  });
});

describe('undo before the lesion is accepted', () => {
  const undo = { kind: 'undo' } as const;
  const redo = { kind: 'redo' } as const;
  const labels = (session: ReturnType<typeof play>) => session.state.history.past.map(({ label }) => label);

  it('takes back each thing that the reader did, down to the first box, and takes it again', () => {
    const session = reviewed();
    session.send(stroke(12));
    session.send({ kind: 'set-end', end: 'first', k: 8 });
    expect(labels(session)).toEqual(['Box on slice 11', 'Propagation', 'Paint 12', 'End at slice 9']);
    const last = session.state.lesion;
    session.send(undo);
    expect(inPhase(session.state, 'reviewing').cells.has(7)).toBe(true);
    session.send(undo);
    expect(lesionResults(session.state.lesion).get(12)?.area).toBe(100);
    session.send(undo);
    expect(session.state.lesion.phase).toBe('prompting');
    session.send(undo);
    expect(session.state.lesion.phase).toBe('idle');
    session.send(undo);
    for (let step = 0; step < 4; step += 1) session.send(redo);
    expect(session.state.lesion).toEqual(last);
    expect(session.state.history.future).toEqual([]);
  });

  it('takes a whole drag of a handle as one step', () => {
    const session = play(20, drawn(10), drawn(10, true), drawn(10, true), drawn(10));
    expect(labels(session)).toEqual(['Box on slice 11', 'Box on slice 11']);
    const other = { x0: 1, y0: 1, x1: 9, y1: 9 };
    session.send({ kind: 'box', k: 10, box: other, draft: false });
    session.send(undo);
    expect(inPhase(session.state, 'prompting').prompts.slices.get(10)?.box).toEqual(box);
  });

  it('stops a run, and asks again for what was still being computed', () => {
    const session = play(20, drawn(10));
    session.send({ kind: 'propagate' });
    session.arrive(9);
    session.send(undo);
    expect(session.effects.some(({ kind }) => kind === 'stop-run')).toBe(true);
    expect(session.effects.at(-1)).toMatchObject({ kind: 'preview', k: 10 });
    expect(inPhase(session.state, 'prompting').keyframes.get(10)?.status).toBe('working');
    const serial = session.state.serial;
    session.send({ kind: 'slices-arrived', run: session.run(), results: new Map([[11, byHand(1)]]) });
    expect(session.state.lesion.phase).toBe('prompting');
    expect(session.state.serial).toBe(serial);
  });

  it('brings a dropped lesion back, and forgets the way once something new is done', () => {
    const session = play(20, drawn(10), point(10), { kind: 'escape' });
    session.send(undo);
    expect(inPhase(session.state, 'prompting').prompts.slices.get(10)?.points).toHaveLength(1);
    session.send(undo);
    session.send(drawn(12));
    expect(session.state.history.future).toEqual([]);
  });

  it('leaves accepted lesions to the journal, and does not follow into another series', () => {
    const session = reviewed();
    session.send({ kind: 'committed', segment: 1, label: 'Lesion 1', slices: 7 });
    expect(session.state.history.past).toEqual([]);
    const other = reviewed();
    other.send({ kind: 'series-opened', slices: 4 });
    other.send(undo);
    expect(other.state.lesion.phase).toBe('idle');
  });
});
