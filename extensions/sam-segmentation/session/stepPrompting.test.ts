import { describe, expect, it } from 'vitest';
import { drawn, failure, inPhase, play, point, result } from './testing/playSession.ts';

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

  it('shows a first mask while the answer is awaited, and none that comes after it', () => {
    const session = play(20, drawn(10));
    const glimpse = (of: number, area: number): void => {
      const asked = session.effects.flatMap((effect) => (effect.kind === 'preview' ? [effect.revision] : []));
      session.send({ kind: 'preview-glimpsed', k: 10, revision: asked[of]!, result: result(area) });
    };
    const shown = () => inPhase(session.state, 'prompting').keyframes.get(10);
    glimpse(0, 77);
    expect(shown()).toMatchObject({ status: 'working', result: { area: 77 } });
    session.send({ kind: 'accept' });
    expect(session.effects.some(({ kind }) => kind === 'commit')).toBe(false);
    session.answer(10);
    glimpse(0, 66);
    expect(shown()).toMatchObject({ status: 'ready', result: { area: 100 } });
  });

  it('asks again for its boxes where another model has its say from now on', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    session.send({ kind: 'method-changed' });
    expect(inPhase(session.state, 'prompting').keyframes.get(10)?.status).toBe('working');
    expect(session.effects.filter(({ kind }) => kind === 'preview')).toHaveLength(2);
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
