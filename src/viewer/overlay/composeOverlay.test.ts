import { describe, expect, it } from 'vitest';
import { withSegment, withSegmentChanged, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap, type Labelmap, type SliceMask } from '#core/labelmap/labelmap.ts';
import { colorOf, type Segment } from '#core/labelmap/segment.ts';
import { DEFAULT_MEANING } from '#core/terminology/segmentMeaning.ts';
import { layersOfSlice, occupiedSlices, sameLayers, writeLayers } from './composeOverlay.ts';

const segment = (number: number): Segment => ({
  number,
  label: `Segment ${number}`,
  color: colorOf(number),
  ...DEFAULT_MEANING,
  algorithm: { type: 'MANUAL' },
  trackingId: 'a',
  trackingUid: '2.25.1',
  visible: true,
  locked: false,
});
const mask = (...pixels: number[]): SliceMask => Uint8Array.from(pixels);
const shown = (labelmap: Labelmap, k: number): number[] => {
  const into = new Uint8Array(4).fill(9);
  writeLayers(layersOfSlice(labelmap, k), into);
  return [...into];
};

/** Segment 7 on slices 0 and 2, segment 3 later in the list and over it on slice 2. */
function twoSegments(): Labelmap {
  const empty = emptyLabelmap({ columns: 2, rows: 2, slices: 3 });
  const first = withSlices(
    withSegment(empty, segment(7)),
    7,
    new Map([
      [0, mask(1, 1, 0, 0)],
      [2, mask(1, 1, 0, 0)],
    ]),
  );
  return withSlices(withSegment(first, segment(3)), 3, new Map([[2, mask(0, 1, 1, 0)]]), 'allow-overlap');
}

describe('what a slice shows', () => {
  it('labels by place in the list, the later segment on top where two overlap', () => {
    expect(shown(twoSegments(), 2)).toEqual([1, 2, 2, 0]);
  });

  it('shows what a hidden segment covered', () => {
    expect(shown(withSegmentChanged(twoSegments(), 3, { visible: false }), 2)).toEqual([1, 1, 0, 0]);
  });

  it('clears a slice that has nothing any more', () => {
    expect(shown(twoSegments(), 1)).toEqual([0, 0, 0, 0]);
  });

  it('finds the slices that are occupied, hidden segments apart', () => {
    expect([...occupiedSlices(withSegmentChanged(twoSegments(), 7, { visible: false }))]).toEqual([2]);
  });

  it('sees that a slice is unchanged when another slice was edited', () => {
    const before = twoSegments();
    const after = withSlices(before, 7, new Map([[0, mask(0, 0, 0, 1)]]));
    expect(sameLayers(layersOfSlice(before, 2), layersOfSlice(after, 2))).toBe(true);
    expect(sameLayers(layersOfSlice(before, 0), layersOfSlice(after, 0))).toBe(false);
  });

  it('puts a stroke in progress in the place of the mask, also on a slice that had none', () => {
    const stroke = { segment: 7, k: 1, mask: mask(0, 0, 1, 0) };
    expect(layersOfSlice(twoSegments(), 1, stroke)).toEqual([[1, stroke.mask]]);
    expect(layersOfSlice(twoSegments(), 0, stroke)[0]?.[1]).not.toBe(stroke.mask);
  });
});
