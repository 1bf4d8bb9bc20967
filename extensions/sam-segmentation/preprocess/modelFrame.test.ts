import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelPoint, slicePoint } from '#core/geometry/coordinates.ts';
import { modelToSlice, regionAround, sliceToModel } from './modelFrame.ts';

const coordinate = fc.double({ min: -600, max: 600, noNaN: true });
const frames = fc.record({
  region: fc.record({
    centre: fc.tuple(coordinate, coordinate).map(([x, y]) => slicePoint(x, y)),
    side: fc.double({ min: 2, max: 2000, noNaN: true }),
  }),
  size: fc.constantFrom(64, 256, 1024),
});

describe('the model frame', () => {
  it('leads from the slice to the encoder and back to the same point', () => {
    fc.assert(
      fc.property(frames, coordinate, coordinate, (frame, x, y) => {
        const [backX, backY] = modelToSlice(frame, sliceToModel(frame, slicePoint(x, y)));
        expect(backX).toBeCloseTo(x, 8);
        expect(backY).toBeCloseTo(y, 8);
      }),
    );
  });

  it('lays the outer edges of the region on the outer edges of the encoder frame', () => {
    const frame = { region: { centre: slicePoint(40, 30), side: 20 }, size: 256 };
    expect(sliceToModel(frame, slicePoint(30, 20))).toEqual(modelPoint(-0.5, -0.5));
    expect(sliceToModel(frame, slicePoint(50, 40))).toEqual(modelPoint(255.5, 255.5));
  });

  it('is a square around the box, sized by its longer side from outer edge to outer edge', () => {
    const region = regionAround({ x0: 52, y0: 52, x1: 81, y1: 79 }, 2);
    expect(region).toEqual({ centre: slicePoint(66.5, 65.5), side: 60 });
  });
});
