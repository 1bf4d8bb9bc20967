import { describe, expect, it, vi } from 'vitest';
import type { Host } from '#extension-api';
import { draftOf, eventsOf, keepPrompts } from './keepPrompts.ts';
import type { SamSession } from './session.ts';
import { drawn, inPhase, play, point } from './testing/playSession.ts';

describe('prompts that are not accepted yet', () => {
  it('come back as the reader gave them: boxes, points, ends', () => {
    const first = play(20, drawn(10), point(10), point(10, false), drawn(13));
    const { prompts } = inPhase(first.state, 'prompting');
    const again = play(20, ...eventsOf(JSON.parse(JSON.stringify(draftOf(prompts)))));
    expect(inPhase(again.state, 'prompting').prompts).toEqual(prompts);
    const ended = draftOf({ ...prompts, range: { first: 8, last: undefined } });
    expect(eventsOf(JSON.parse(JSON.stringify(ended))).at(-1)).toEqual({ kind: 'set-end', end: 'first', k: 8 });
  });

  it.each([undefined, null, 'x', {}, { slices: 3 }, { slices: [{ k: 1 }] }, { slices: [{ k: 'a', box: {} }] }])(
    'are left alone where they are %j',
    (draft) => {
      expect(eventsOf(draft)).toEqual([]);
    },
  );

  it('are written once a handle rests, and forgotten when the lesion is dropped', () => {
    vi.useFakeTimers();
    const played = play(20);
    const listeners: (() => void)[] = [];
    const keepDraft = vi.fn();
    const session = {
      state: {
        getState: () => played.state,
        subscribe(listener: () => void) {
          listeners.push(listener);
          return () => {};
        },
      },
      send: played.send,
    } as unknown as SamSession;
    const send = (...events: Parameters<typeof played.send>): void => {
      played.send(...events);
      for (const listener of listeners) listener();
    };
    const stop = keepPrompts({ drafts: { keepDraft, onDraft: () => () => {} } } as unknown as Host, session);
    for (let move = 0; move < 5; move += 1) send(drawn(10, true));
    expect(keepDraft).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    expect(keepDraft).toHaveBeenCalledOnce();
    send({ kind: 'escape' });
    expect(keepDraft).toHaveBeenLastCalledWith('sam-segmentation', undefined);
    stop();
    vi.useRealTimers();
  });
});
