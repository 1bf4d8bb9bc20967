import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { modelPrompt } from './modelPrompt.ts';
import { boxAround, boxCentre, boxExtent, boxFromDrag, clampBox, expandBox } from './sliceBox.ts';

const image = { columns: 100, rows: 80 };

describe('boxFromDrag', () => {
  it('does not care which corner the reader started from', () => {
    const [a, b, c, d] = [
      slicePoint(10.5, 20.5),
      slicePoint(30.5, 44.5),
      slicePoint(10.5, 44.5),
      slicePoint(30.5, 20.5),
    ];
    const boxes = [
      boxFromDrag(a, b, image),
      boxFromDrag(b, a, image),
      boxFromDrag(c, d, image),
      boxFromDrag(d, c, image),
    ];
    for (const box of boxes) expect(box).toEqual({ ok: true, value: { x0: 11, y0: 21, x1: 30, y1: 44 } });
  });

  it('keeps the part on the image of a drag that leaves it', () => {
    expect(boxFromDrag(slicePoint(-20, -5), slicePoint(10.5, 200), image)).toEqual({
      ok: true,
      value: { x0: 0, y0: 0, x1: 10, y1: 79 },
    });
  });

  it.each([
    ['box-outside-image', slicePoint(-20, 10), slicePoint(-5, 30)],
    ['box-too-small', slicePoint(10, 10), slicePoint(11, 30)],
    ['box-not-finite', slicePoint(Number.NaN, 10), slicePoint(11, 30)],
  ])('refuses with %s', (code, from, to) => {
    const result = boxFromDrag(from, to, image);
    expect(result.ok ? undefined : result.error.code).toBe(code);
  });
});

describe('boxes', () => {
  const boxes = fc.tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 39 }),
    fc.integer({ min: 1, max: 19 }),
  );

  it('are rebuilt from their centre and extent', () => {
    fc.assert(
      fc.property(boxes, ([x, y, w, h]) => {
        const box = { x0: x, y0: y, x1: x + w, y1: y + h };
        const { width, height } = boxExtent(box);
        expect(boxAround(boxCentre(box), width, height)).toEqual(box);
      }),
    );
  });

  it('grow by the share on every edge', () => {
    expect(expandBox({ x0: 10, y0: 10, x1: 29, y1: 19 }, 0.05)).toEqual({ x0: 9, y0: 9.5, x1: 30, y1: 19.5 });
  });

  it('that miss the image have no part on it', () => {
    expect(clampBox({ x0: 101, y0: 0, x1: 110, y1: 10 }, 100, 80)).toBeUndefined();
  });
});

describe('modelPrompt', () => {
  it('puts the corners on the outer edges of the pixels, on the image, after the points', () => {
    const frame = { region: { centre: slicePoint(49.5, 39.5), side: 256 }, size: 256 };
    const points = modelPrompt(
      { box: { x0: 0, y0: 0, x1: 99, y1: 79 }, points: [{ at: slicePoint(5, 6), inside: false }] },
      frame,
      image,
      0.05,
    );
    expect(points).toEqual([
      { x: 83, y: 94, label: 0 },
      { x: 77.5, y: 87.5, label: 2 },
      { x: 177.5, y: 167.5, label: 3 },
    ]);
  });
});
