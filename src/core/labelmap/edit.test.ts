import { describe, expect, it } from 'vitest';
import { withDuplicate, withMerged, withSegment, withSlices } from './edit.ts';
import { emptyLabelmap, type Labelmap, voxelsOf } from './labelmap.ts';
import { paintedSegment } from './testing/paintedSegment.ts';

const two = (): Labelmap => {
  const listed = withSegment(
    withSegment(emptyLabelmap({ columns: 2, rows: 1, slices: 4 }), paintedSegment(1)),
    paintedSegment(2),
  );
  const first = withSlices(listed, 1, new Map([0, 1].map((k) => [k, Uint8Array.of(1, 0)] as const)));
  return withSlices(first, 2, new Map([1, 2].map((k) => [k, Uint8Array.of(1, 1)] as const)), 'allow-overlap');
};

describe('merging', () => {
  it('gives all voxels to the segment that stays, which keeps its name', () => {
    const merged = withMerged(two(), 2, 1);
    expect(merged.segments.map(({ label }) => label)).toEqual(['Lesion 1']);
    expect(Object.fromEntries([...voxelsOf(merged, 1)].map(([k, mask]) => [k, [...mask]]))).toEqual({
      0: [1, 0],
      1: [1, 1],
      2: [1, 1],
    });
    expect(merged.voxels.has(2)).toBe(false);
  });

  it('changes no mask of the labelmap that it began with', () => {
    const before = two();
    withMerged(before, 2, 1);
    expect([...voxelsOf(before, 1).get(1)!]).toEqual([1, 0]);
  });

  it('of a segment with itself changes nothing', () => {
    const before = two();
    expect(withMerged(before, 1, 1)).toBe(before);
  });
});

describe('a duplicate', () => {
  it('has the same voxels under a number of its own', () => {
    const copied = withDuplicate(two(), 1, paintedSegment(3));
    expect(voxelsOf(copied, 3)).toBe(voxelsOf(copied, 1));
    expect(copied.segments).toHaveLength(3);
  });
});
