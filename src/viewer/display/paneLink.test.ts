import { describe, expect, it } from 'vitest';
import { patientPoint } from '#core/geometry/coordinates.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import { stackOf } from '#core/geometry/stack.ts';
import { awayFromSlice, linkBetween } from './paneLink.ts';

const planes = (positions: readonly number[]): readonly ImagePlane[] =>
  positions.map((z) => ({
    rows: 4,
    columns: 4,
    rowSpacing: 1,
    columnSpacing: 1,
    position: patientPoint(0, 0, z),
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
  }));

const placed = (frameOfReferenceUID: string | undefined, positions: readonly number[] = [0, 5, 10]) => ({
  series: {
    studyInstanceUID: '1',
    seriesInstanceUID: '2',
    frameOfReferenceUID,
    modality: 'CT',
    frames: [],
    stack: stackOf(planes(positions)),
  },
});

describe('the link of two series', () => {
  it('is there for one frame of reference, unless the reader wants none', () => {
    expect(linkBetween(placed('1.2'), placed('1.2', [3, 6]), true)).toEqual({ kind: 'linked' });
    expect(linkBetween(placed('1.2'), placed('1.2'), false)).toEqual({ kind: 'free' });
  });

  it('is not made from likeness: other frames, none named, or slices of which several lie in one place', () => {
    expect(linkBetween(placed('1.2'), placed('1.3'), true)).toEqual({ kind: 'apart', reason: 'other-frame' });
    expect(linkBetween(placed(undefined), placed(undefined), true)).toEqual({ kind: 'apart', reason: 'no-frame' });
    const phases = placed('1.2', [0, 0, 5, 5]);
    expect(linkBetween(placed('1.2'), phases, true)).toEqual({ kind: 'apart', reason: 'no-place' });
  });
});

describe('the distance of a point from the slice shown', () => {
  const { stack } = placed('1.2').series;

  it('is none where no slice of the series is nearer', () => {
    expect(awayFromSlice(stack, 1, patientPoint(90, 90, 7.5))).toBeUndefined();
    expect(awayFromSlice(stackOf(planes([5])), 0, patientPoint(0, 0, 5.9))).toBeUndefined();
  });

  it('is told beyond the last slice, and from a lone one', () => {
    expect(awayFromSlice(stack, 2, patientPoint(0, 0, 22))).toBe(12);
    expect(awayFromSlice(stackOf(planes([5])), 0, patientPoint(0, 0, 7))).toBe(2);
  });
});
