import { doubtfulSlices } from '../session/doubt.ts';
import type { End } from '../session/lesionPrompts.ts';
import type { EndReason } from '../session/segmenterPort.ts';
import type { ExpectedSlices, SessionState } from '../session/sessionState.ts';
import { lesionResults } from '../session/shownMasks.ts';
import { text } from '../text.ts';

export interface StripCell {
  readonly k: number;
  /** Share of the largest area, 0 to 1; undefined where nothing has come yet. */
  readonly height: number | undefined;
  /** mm² */
  readonly area: number | undefined;
  readonly score: number | undefined;
  readonly keyframe: boolean;
  /** The keyframe's mask was painted. */
  readonly painted: boolean;
  readonly stale: boolean;
  readonly doubtful: boolean;
}

export interface StripEnd {
  /** Outermost slice of the lesion on this side, as far as is known. */
  readonly k: number;
  readonly reason: EndReason | undefined;
  /** Set by the reader. */
  readonly given: boolean;
}

export interface Strip {
  readonly cells: readonly StripCell[];
  readonly ends: Readonly<Record<End, StripEnd>>;
  readonly running: { readonly done: number; readonly expected: number } | undefined;
  readonly doubtful: readonly number[];
}

/** Slices shown beyond the outermost one, so that an end can be drawn outwards. */
const MARGIN = 4;

/** The strip for a state; undefined where there is no lesion to show. */
export function stripOf({ ground, lesion }: SessionState): Strip | undefined {
  if (ground.kind !== 'open' || !('prompts' in lesion)) return undefined;
  const results = lesionResults(lesion);
  const { prompts } = lesion;
  const stale = lesion.phase === 'prompting' ? new Set<number>() : lesion.stale;
  const expected = lesion.phase === 'propagating' ? lesion.expected : undefined;
  const known = [
    ...prompts.slices.keys(),
    ...results.keys(),
    ...stale,
    ...(expected === undefined ? [] : [expected.first, expected.last]),
  ];
  const lowest = prompts.range.first ?? Math.min(...known);
  const highest = prompts.range.last ?? Math.max(...known);
  const found = lesion.phase === 'prompting' ? {} : lesion.ends;
  const largest = Math.max(...[...results.values()].map(({ area }) => area), 1);
  const doubtful = doubtfulSlices(lesion);
  const cells: StripCell[] = [];
  const from = Math.max(0, lowest - MARGIN);
  const to = Math.min(ground.slices - 1, highest + MARGIN);
  for (let k = from; k <= to; k += 1) {
    const result = results.get(k);
    cells.push({
      k,
      height: result === undefined ? undefined : result.area / largest,
      area: result?.area,
      score: result?.score,
      keyframe: prompts.slices.has(k),
      painted: prompts.slices.get(k)?.painted !== undefined,
      stale: stale.has(k),
      doubtful: doubtful.includes(k),
    });
  }
  const present = [...prompts.slices.keys(), ...results.keys()];
  const end = (side: End, outermost: number): StripEnd => ({
    k: prompts.range[side] ?? found[side]?.k ?? outermost,
    reason: found[side]?.reason,
    given: prompts.range[side] !== undefined,
  });
  return {
    cells,
    ends: { first: end('first', Math.min(...present)), last: end('last', Math.max(...present)) },
    running:
      lesion.phase === 'propagating'
        ? { done: lesion.done, expected: Math.max(expectedCount(expected), lesion.done + 1) }
        : undefined,
    doubtful,
  };
}

const expectedCount = (expected: ExpectedSlices | undefined): number =>
  expected === undefined ? 0 : expected.last - expected.first + 1;

/** A cell in words, for who does not see it. */
export function cellText({ k, area, score, keyframe, painted, stale, doubtful }: StripCell): string {
  const words = text.strip;
  return [
    words.slice(k),
    area === undefined ? words.nothingYet : area === 0 ? words.empty : words.area(area),
    ...(score === undefined ? [] : [words.score(score)]),
    ...(keyframe ? [painted ? words.painted : words.yourBox] : []),
    ...(stale ? [words.stale] : []),
    ...(doubtful ? [words.worthALook] : []),
  ].join(', ');
}
