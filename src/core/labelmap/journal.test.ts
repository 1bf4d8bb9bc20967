import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSegment, withSegment, withSegmentChanged, withSlices } from './edit.ts';
import { commit, journalOf, redo, undo } from './journal.ts';
import { composeSlice, emptyLabelmap, type Labelmap, nextSegmentNumber, voxelsOf } from './labelmap.ts';
import { decodeRuns, encodeRuns } from './runLengths.ts';
import { paintedSegment } from './testing/paintedSegment.ts';

const SIZE = { columns: 5, rows: 3, slices: 4 };

const mask = (...on: readonly number[]): Uint8Array => {
  const data = new Uint8Array(15);
  for (const index of on) data[index] = 1;
  return data;
};

/** Voxels as plain data: an empty slice and an absent one are the same thing. */
const content = (labelmap: Labelmap) =>
  [...labelmap.voxels].map(([number, slices]) => [number, [...slices].sort(([a], [b]) => a - b)]).sort();

describe('run lengths', () => {
  it('give back every mask, empty and full ones too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 0, max: 1, minLength: 1, maxLength: 70 }), (data) => {
        const bits = data.map((value) => value & 1);
        const decoded = decodeRuns(encodeRuns(bits), bits.length);
        expect(decoded ?? new Uint8Array(bits.length)).toEqual(bits);
      }),
      { seed: 20261122 },
    );
  });
});

describe('the journal', () => {
  const two = withSegment(withSegment(emptyLabelmap(SIZE), paintedSegment(1)), paintedSegment(2));

  it('undoes a whole propagation in one step and redoes it', () => {
    const start = journalOf(two);
    const painted = withSlices(
      two,
      1,
      new Map([
        [0, mask(0, 1)],
        [1, mask(3)],
        [3, mask(14)],
      ]),
    );
    const after = commit(start, 'Propagate Lesion 1', painted);
    expect(after.past).toHaveLength(1);
    expect(content(undo(after).labelmap)).toEqual(content(two));
    expect(content(redo(undo(after)).labelmap)).toEqual(content(painted));
  });

  it('records nothing where nothing changed', () => {
    const start = journalOf(two);
    expect(commit(start, 'nothing', withSlices(two, 1, new Map([[2, mask()]])))).toBe(start);
  });

  it('drops the redo list when another step is taken', () => {
    const first = commit(journalOf(two), 'a', withSlices(two, 1, new Map([[0, mask(0)]])));
    const back = undo(first);
    expect(commit(back, 'b', withSlices(two, 2, new Map([[0, mask(1)]]))).future).toEqual([]);
  });

  it('brings a deleted segment back with its voxels and its name', () => {
    const painted = withSlices(two, 2, new Map([[1, mask(7)]]));
    const journal = commit(journalOf(painted), 'Delete Lesion 2', withoutSegment(painted, 2));
    expect(journal.labelmap.segments.map(({ number }) => number)).toEqual([1]);
    const restored = undo(journal).labelmap;
    expect(restored.segments.map(({ label }) => label)).toEqual(['Lesion 1', 'Lesion 2']);
    expect(voxelsOf(restored, 2).get(1)).toEqual(mask(7));
  });

  it('walks any sequence of edits back to the start and forth to the end', () => {
    const edit = fc.record({
      segment: fc.constantFrom(1, 2),
      k: fc.nat(3),
      on: fc.array(fc.nat(14), { maxLength: 6 }),
      rename: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        let journal = journalOf(two);
        for (const { segment: number, k, on, rename } of edits) {
          const next = withSlices(journal.labelmap, number, new Map([[k, mask(...on)]]));
          journal = commit(journal, 'edit', rename ? withSegmentChanged(next, number, { label: `${k}` }) : next);
        }
        let back = journal;
        while (back.past.length > 0) back = undo(back);
        expect(content(back.labelmap)).toEqual(content(two));
        expect(back.labelmap.segments).toEqual(two.segments);
        while (back.future.length > 0) back = redo(back);
        expect(content(back.labelmap)).toEqual(content(journal.labelmap));
        expect(back.labelmap.segments).toEqual(journal.labelmap.segments);
      }),
      { seed: 20261122 },
    );
  });
});

describe('segments that meet', () => {
  const two = withSegment(withSegment(emptyLabelmap(SIZE), paintedSegment(1)), paintedSegment(2));
  const first = withSlices(two, 1, new Map([[0, mask(0, 1, 2)]]));

  it('leaves what another segment holds untouched', () => {
    const both = withSlices(first, 2, new Map([[0, mask(2, 3)]]));
    expect(voxelsOf(both, 1).get(0)).toEqual(mask(0, 1, 2));
    expect(voxelsOf(both, 2).get(0)).toEqual(mask(3));
  });

  it('overlap where the reader allows it, the later one drawn on top', () => {
    const both = withSlices(first, 2, new Map([[0, mask(2, 3)]]), 'allow-overlap');
    expect(voxelsOf(both, 1).get(0)).toEqual(mask(0, 1, 2));
    expect(voxelsOf(both, 2).get(0)).toEqual(mask(2, 3));
    const labels = new Uint8Array(15);
    composeSlice(both, 0, labels);
    expect([...labels.slice(0, 5)]).toEqual([1, 1, 2, 2, 0]);
  });

  it('fills the lowest free number, so a deleted one can be used again', () => {
    expect(nextSegmentNumber(withoutSegment(two, 1))).toBe(1);
    expect(nextSegmentNumber(two)).toBe(3);
  });
});
