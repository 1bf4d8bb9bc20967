import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Host } from '#extension-api';
import { TooltipProvider } from '../../../src/ui/Tooltip.tsx';
import type { OtherSeries } from '../session/otherSeries.ts';
import type { SamSession } from '../session/session.ts';
import type { SessionEvent, SessionState } from '../session/sessionState.ts';
import { drawn, play, point, result, reviewed } from '../session/testing/playSession.ts';
import { writableState } from '../session/writableState.ts';
import { PropagationStrip } from './PropagationStrip.tsx';
import { SamPanel } from './SamPanel.tsx';

const fixed = <T,>(value: T) => writableState(value);

function sessionOf(state: SessionState, pace?: number, others: readonly OtherSeries[] = []): SamSession {
  return {
    state: fixed(state),
    pace: fixed(pace),
    window: { state: fixed({ kind: 'unknown' }), choice: fixed('recipe') },
    segmenter: {
      state: fixed({ kind: 'not-loaded' }),
      volume: {
        offered: others.length > 0,
        state: fixed({ kind: 'not-loaded' }),
        choice: fixed(others.length > 0 ? 'volume' : 'sam'),
      },
      others: { state: fixed(others), problem: fixed(undefined) },
    },
    send: () => undefined,
  } as unknown as SamSession;
}

const hostAt = (k: number): Host =>
  ({
    viewer: { currentSlice: fixed(k), activeTool: fixed('SamBox'), openSeries: fixed(undefined) },
    labelmap: { state: fixed({ journal: { labelmap: { segments: [], voxels: new Map() } } }) },
  }) as unknown as Host;

const strip = (state: SessionState, k = 10, pace?: number): string =>
  renderToStaticMarkup(<PropagationStrip host={hostAt(k)} session={sessionOf(state, pace)} />);
const panel = (state: SessionState, k = 10, pace?: number): string =>
  renderToStaticMarkup(
    <TooltipProvider>
      <SamPanel host={hostAt(k)} session={sessionOf(state, pace)} />
    </TooltipProvider>,
  );
const cells = (markup: string): readonly string[] =>
  [...markup.matchAll(/role="option"[^>]*aria-label="([^"]*)"/g)].map(([, label]) => label!);
const paint: SessionEvent = {
  kind: 'paint',
  k: 12,
  label: 'Paint',
  result: { ...result(40), score: undefined },
};

describe('the strip', () => {
  it('has a cell for each slice with its area and score, and says which is boxed, painted and to be redone', () => {
    const session = reviewed();
    session.send(paint);
    const shown = cells(strip(session.state));
    expect(shown).toContain('Slice 11, 100 mm², score 0.90, your box');
    expect(shown).toContain('Slice 13, 40 mm², painted by you');
    expect(shown).toContain('Slice 12, 100 mm², score 0.90, to be redone');
    expect(shown).toContain('Slice 8, 100 mm², score 0.90');
  });

  it('says at each end where and why it stopped', () => {
    const markup = strip(reviewed().state);
    expect(markup).toMatch(/First 8.*Reached the end expected from the size of the box/s);
    expect(markup).toMatch(/Last 14.*no longer overlaps/s);
  });

  it('tells a run by slices, pace and time, and the ends are sliders that keys can move', () => {
    const session = play(40, drawn(10));
    session.send({ kind: 'propagate' });
    session.send({ kind: 'run-expects', run: session.run(), slices: { first: 4, last: 23 } });
    session.arrive(9, 11, 8);
    const markup = strip(session.state, 10, 1300);
    expect(markup).toContain('3 slices of about 20 · 1.3 s each');
    expect(markup.match(/role="slider" tabindex="0"/g)).toHaveLength(2);
  });

  it('keeps its place before the first box, and has none without a series', () => {
    expect(strip(play(20).state)).toContain('The lesion, slice by slice, appears here.');
    const { state } = play(20, { kind: 'series-closed' });
    expect(strip(state)).toBe('');
  });
});

describe('the SAM panel', () => {
  it('lists the prompts slice by slice, points where they are in view, and each can be removed', () => {
    const session = play(20, drawn(10), point(10), drawn(12));
    session.answer(10);
    const markup = panel(session.state);
    expect(markup).toContain('box 21 × 21 px');
    expect(markup).toContain('+ on the lesion, 20 / 20');
    expect(markup).toContain('Remove the prompts of slice 11');
    expect(markup).toContain('Remove the prompts of slice 13');
    expect(markup.match(/Remove this point/g)).toHaveLength(1);
  });

  it('says what a correction costs before it is redone, and offers to accept as shown', () => {
    const session = reviewed();
    session.send(paint);
    const markup = panel(session.state, 12, 2000);
    expect(markup).toContain('Your correction changes 2 slices, about 4 s. Redo them, or accept as shown.');
    expect(markup).toContain('Redo changed slices');
    expect(markup).toContain('Accept as shown');
    expect(markup).toContain('painted by you');
  });

  it('offers one next step: the tool, propagate, stop, accept', () => {
    const session = play(20, drawn(10));
    session.answer(10);
    expect(panel(session.state)).toContain('Propagate');
    session.send({ kind: 'propagate' });
    expect(panel(session.state)).toMatch(/>Stop /);
    session.finish(9, 11);
    expect(panel(session.state)).toMatch(/>Accept /);
  });

  it('says why a series cannot be prompted, and offers nothing', () => {
    const error = { code: 'x', message: 'This series can be viewed, but not segmented.', remedy: 'Open another.' };
    const markup = panel(play(20, { kind: 'series-refused', error }).state);
    expect(markup).toContain('This series can be viewed, but not segmented.');
    expect(markup).toContain('Open another.');
    expect(markup).not.toContain('<button');
  });
});

describe('the other series of the study', () => {
  const other = (change: Partial<OtherSeries>): OtherSeries => ({
    seriesInstanceUID: '1.2',
    modality: 'PT',
    description: 'whole body',
    images: 47,
    chosen: true,
    reading: { kind: 'ready' },
    verdict: undefined,
    ...change,
  });
  const shown = (change: Partial<OtherSeries>): string => {
    const session = sessionOf(play(20).state, undefined, [other(change)]);
    return renderToStaticMarkup(
      <TooltipProvider>
        <SamPanel host={hostAt(10)} session={session} />
      </TooltipProvider>,
    );
  };
  const verdict = (score: number | undefined, counted: boolean) => ({ id: '1.2', score, counted });

  it('are boxes to tick, each with what became of it', () => {
    expect(shown({ verdict: verdict(0.84, true) })).toMatch(
      /type="checkbox" checked="".*PT whole body.*Shows the lesion \(0\.84\)/s,
    );
    expect(shown({ verdict: verdict(undefined, false) })).toContain('Has no image there');
    expect(shown({ reading: { kind: 'reading', done: 3, total: 47 } })).toContain('Reading 3 of 47');
    expect(shown({ reading: { kind: 'apart', reason: 'other-frame' } })).toContain('another frame of reference');
    expect(shown({ chosen: false, verdict: verdict(0.84, true) })).not.toContain('0.84');
  });

  it('never seem to have reached the limit that they missed', () => {
    expect(shown({ verdict: verdict(0.7996, false) })).toContain('Unclear there (0.79): left out.');
  });
});
