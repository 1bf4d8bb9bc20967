import { describe, expect, it } from 'vitest';
import { promptsOf, withEnd } from '../session/lesionPrompts.ts';
import { type Lesion, NO_HISTORY, type SessionState, type SliceResult } from '../session/sessionState.ts';
import { cellText, stripOf } from './stripModel.ts';
import { timeLeftText } from './words.ts';

const box = { x0: 0, y0: 0, x1: 9, y1: 9 };
const result = (area: number): SliceResult => ({ mask: new Uint8Array(4), area, score: 0.9, box });
const key = new Map([[5, { status: 'ready', revision: 1, result: result(200) } as const]]);

const state = (lesion: Lesion, slices = 40): SessionState => ({
  ground: { kind: 'open', slices },
  lesion,
  into: { kind: 'new' },
  history: NO_HISTORY,
  serial: 1,
});
const spread = {
  prompts: promptsOf(5, box),
  keyframes: key,
  cells: new Map([
    [4, result(100)],
    [6, result(150)],
  ]),
  stale: new Set<number>(),
  ends: {},
};

describe('the strip', () => {
  it('is not there without a lesion', () => {
    expect(stripOf(state({ phase: 'idle' }))).toBeUndefined();
  });

  it('scales areas to the largest and marks the keyframe', () => {
    const strip = stripOf(state({ phase: 'reviewing', problem: undefined, ...spread }));
    const cells = strip?.cells.filter(({ height }) => height !== undefined);
    expect(cells?.map(({ k, height, keyframe }) => [k, height, keyframe])).toEqual([
      [4, 0.5, false],
      [5, 1, true],
      [6, 0.75, false],
    ]);
    expect(strip?.ends.first.k).toBe(4);
    expect(strip?.ends.last.k).toBe(6);
  });

  it('never leaves the stack, not even for a lesion on its first slice', () => {
    const strip = stripOf(
      state({ phase: 'prompting', prompts: promptsOf(0, box), keyframes: new Map(), problem: undefined }, 1),
    );
    expect(strip?.cells.map(({ k }) => k)).toEqual([0]);
  });

  it('has the width of what is expected from the first slice on, so that it does not jump', () => {
    const lesion: Lesion = { phase: 'propagating', run: 2, done: 1, expected: { first: 1, last: 12 }, ...spread };
    const strip = stripOf(state(lesion));
    expect(strip?.cells[0]?.k).toBe(0);
    expect(strip?.cells.at(-1)?.k).toBe(16);
    expect(strip?.running).toEqual({ done: 1, expected: 12 });
    expect(strip?.ends.last.k).toBe(6);
  });

  it('shows an end that the reader set where the reader set it', () => {
    const prompts = withEnd(spread.prompts, 'last', 9, 40);
    const strip = stripOf(state({ phase: 'reviewing', problem: undefined, ...spread, prompts }));
    expect(strip?.ends.last).toEqual({ k: 9, reason: undefined, given: true });
  });

  it('says a cell in words', () => {
    expect(
      cellText({
        k: 5,
        height: 1,
        area: 200.4,
        score: 0.912,
        keyframe: true,
        painted: false,
        stale: false,
        doubtful: false,
      }),
    ).toBe('Slice 6, 200 mm², score 0.91, your box');
    expect(
      cellText({
        k: 0,
        height: 0,
        area: 0,
        score: undefined,
        keyframe: false,
        painted: false,
        stale: true,
        doubtful: true,
      }),
    ).toBe('Slice 1, empty, to be redone, worth a look');
  });

  it('gives no time before there is something to go by', () => {
    expect(timeLeftText(1, 20, 3000)).toBeUndefined();
    expect(timeLeftText(4, 20, 8000)).toBe('about 35 s left');
    expect(timeLeftText(4, 100, 40_000)).toBe('about 16 min left');
    expect(timeLeftText(20, 20, 8000)).toBeUndefined();
  });
});
