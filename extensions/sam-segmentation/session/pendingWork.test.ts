import { describe, expect, it } from 'vitest';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import type { Host } from '#extension-api';
import { createLabelmapPort } from '../../../src/app/labelmap/createLabelmapPort.ts';
import { commitLesion } from './commitLesion.ts';
import { offerPending } from './pendingWork.ts';
import type { SessionEvent, SessionState } from './sessionState.ts';
import { showPreview } from './showPreview.ts';
import { stepSession } from './stepSession.ts';
import { drawn, inPhase, play } from './testing/playSession.ts';
import { writableState } from './writableState.ts';

const mask = (...values: readonly number[]): SliceMask => Uint8Array.from(values);
const box = { x0: 0, y0: 0, x1: 1, y1: 0 };

/** Segment 1 has the first three of four pixels on slices 4 and 5; a box on slice 4 found pixels 2 and 3, and goes into it. */
function boxedIntoSegment() {
  const labelmap = createLabelmapPort(() => {});
  labelmap.replace(emptyLabelmap({ columns: 4, rows: 1, slices: 8 }));
  const segment = labelmap.draftSegment();
  const slices = new Map([4, 5].map((k) => [k, mask(1, 1, 1, 0)] as const));
  const { labelmap: empty } = labelmap.state.getState().journal;
  labelmap.commit('Paint', withSlices(withSegment(empty, segment), segment.number, slices));
  const begun = play(8, drawn(4), { kind: 'choose-target', target: { kind: 'segment', number: 1 } });
  const result = { mask: mask(0, 0, 1, 1), area: 2, score: 0.9, box };
  const { revision } = inPhase(begun.state, 'prompting').keyframes.get(4)!;
  begun.send({ kind: 'preview-ready', k: 4, revision, result });
  const state = writableState<SessionState>(begun.state);
  const send = (event: SessionEvent): void => state.set(stepSession(state.getState(), event).state);
  const openSeries = {
    getState: () => ({ series: { stack: { planes: Array(8).fill({ columns: 4, columnSpacing: 1, rowSpacing: 1 }) } } }),
  };
  const host = { viewer: { openSeries }, labelmap } as unknown as Host;
  offerPending(host, state, send);
  showPreview(host, state);
  const pending = () => labelmap.state.getState().pending!;
  return {
    send,
    pending,
    labelmap,
    /** What a brush begins with on a slice. */
    begin: (k: number) =>
      [...(pending().under?.(k) ?? [])].map((value, at) => value | (pending().voxels?.get(k)?.[at] ?? 0)),
    stroke: (k: number, ...values: readonly number[]) =>
      pending().edit('Stroke', new Map([[k, mask(...values)]]), 'hand'),
    preview: () => labelmap.state.getState().preview,
    lesionOn: (k: number) => [...(pending().voxels?.get(k) ?? [])],
    accepted: (k: number) => {
      const { lesion, into } = state.getState();
      const { journal } = labelmap.state.getState();
      const commit = commitLesion(lesion, journal.labelmap, into, { type: 'MANUAL' }, labelmap.draftSegment);
      if (!commit.ok) throw new Error(commit.error.message);
      return [...(commit.value.next.voxels.get(1)?.get(k) ?? [])];
    },
  };
}

describe('a brush over a lesion that goes into a segment with voxels', () => {
  it('erases voxels of the segment as well, shows that at once, and accepts it', () => {
    const session = boxedIntoSegment();
    expect(session.begin(4)).toEqual([1, 1, 1, 1]);
    session.stroke(4, 0, 1, 0, 1);
    expect(session.lesionOn(4)).toEqual([0, 0, 0, 1]);
    expect([...session.preview()!.slices.get(4)!]).toEqual([0, 1, 0, 1]);
    expect(session.preview()?.instead).toEqual({ segment: 1, slices: new Set([4]) });
    expect(session.begin(4)).toEqual([0, 1, 0, 1]);
    expect(session.accepted(4)).toEqual([0, 1, 0, 1]);
    expect(session.accepted(5), 'other slices keep theirs').toEqual([1, 1, 1, 0]);
  });

  it('erases on a slice that the lesion is not on, makes no keyframe of it, and takes it back', () => {
    const session = boxedIntoSegment();
    session.stroke(5, 0, 0, 0, 0);
    expect(session.accepted(5)).toEqual([]);
    expect(session.lesionOn(5)).toEqual([]);
    expect([...session.preview()!.slices.get(5)!]).toEqual([0, 0, 0, 0]);
    session.pending().undo?.run();
    expect(session.accepted(5)).toEqual([1, 1, 1, 0]);
    expect(session.preview()?.slices.has(5)).toBe(false);
  });

  it('gives back what is painted again, and makes no voxel of the segment the lesion’s', () => {
    const session = boxedIntoSegment();
    session.stroke(4, 0, 1, 1, 1);
    session.stroke(4, 1, 1, 1, 1);
    expect(session.accepted(4)).toEqual([1, 1, 1, 1]);
    expect(session.lesionOn(4)).toEqual([0, 0, 1, 1]);
  });

  it('takes nothing from the segment once the lesion goes into a new one', () => {
    const session = boxedIntoSegment();
    session.stroke(4, 0, 1, 0, 1);
    session.send({ kind: 'choose-target', target: { kind: 'new' } });
    expect(session.accepted(4)).toEqual([1, 1, 1, 0]);
    expect(session.preview()?.instead).toBeUndefined();
  });
});
