import { describe, expect, it } from 'vitest';
import { withSegment, withSlices } from '#core/labelmap/edit.ts';
import { emptyLabelmap, voxelsOf } from '#core/labelmap/labelmap.ts';
import { paintedSegment } from '#core/labelmap/testing/paintedSegment.ts';
import { withForeignLabels } from './readLabels.ts';

const segment = (number: number) => paintedSegment(number, { color: [1, 2, 3] });
const labelmap = withSlices(
  withSegment(emptyLabelmap({ columns: 3, rows: 1, slices: 3 }), segment(1)),
  1,
  new Map([
    [0, Uint8Array.of(1, 1, 0)],
    [1, Uint8Array.of(0, 1, 0)],
  ]),
);
const slices =
  (...labels: readonly (readonly number[])[]) =>
  (k: number) =>
    labels[k];

describe('labels that a host has changed', () => {
  it('change nothing where they are ours, not even the identity', () => {
    expect(withForeignLabels(labelmap, slices([1, 1, 0], [0, 1, 0], [0, 0, 0]), segment)).toBe(labelmap);
  });

  it('are taken over slice by slice; slices that were left alone stay the same arrays', () => {
    const next = withForeignLabels(labelmap, slices([1, 1, 0], [0, 1, 1], [0, 0, 0]), segment);
    expect(voxelsOf(next, 1).get(0)).toBe(voxelsOf(labelmap, 1).get(0));
    expect([...(voxelsOf(next, 1).get(1) ?? [])]).toEqual([0, 1, 1]);
  });

  it('erase, and bring segments that were not known', () => {
    const next = withForeignLabels(labelmap, slices([7, 0, 0], [0, 1, 0], [0, 0, 7]), segment);
    expect(next.segments.map(({ number }) => number)).toEqual([1, 7]);
    expect(voxelsOf(next, 1).has(0)).toBe(false);
    expect([...voxelsOf(next, 7)].map(([k, mask]) => [k, ...mask])).toEqual([
      [0, 1, 0, 0],
      [2, 0, 0, 1],
    ]);
  });

  it('of another matrix are not read', () => {
    expect(withForeignLabels(labelmap, slices([1], [0, 1], []), segment)).toBe(labelmap);
  });
});
