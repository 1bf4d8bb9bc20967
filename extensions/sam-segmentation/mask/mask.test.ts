import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import { interpolateMasks, signedDistance } from '#core/labelmap/signedDistance.ts';
import { sliceToModel } from '../preprocess/modelFrame.ts';
import { fillHoles, keepOverlapping } from './components.ts';
import { logitsOnPixels, maskAbove, maskFromLogits } from './maskFromLogits.ts';
import { intensityInside, maskBox, maskPixels } from './measure.ts';

const drawn = (...rows: string[]): Uint8Array => Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));

/** Logits of a disc that the model sees at this place of the slice: positive inside. */
function discLogits(frame: Parameters<typeof sliceToModel>[0], x: number, y: number, radius: number, cells: number) {
  const [cx, cy] = sliceToModel(frame, slicePoint(x, y));
  const perCell = frame.size / cells;
  const logits = Float32Array.from({ length: cells * cells }, (_, index) => {
    const u = ((index % cells) + 0.5) * perCell - 0.5;
    const v = (Math.floor(index / cells) + 0.5) * perCell - 0.5;
    return (radius * frame.size) / frame.region.side - Math.hypot(u - cx, v - cy);
  });
  return { logits, width: cells, height: cells };
}

describe('maskFromLogits', () => {
  it.each([
    ['inside the image', 30, 25],
    ['cut by the left border', 2, 25],
    ['in the lower right corner', 58, 47],
  ])('finds a disc %s where it is, for regions that reach beyond the image', (_, x, y) => {
    const image = { columns: 61, rows: 50 };
    for (const side of [40, 41.7, 90]) {
      const frame = { region: { centre: slicePoint(x, y), side }, size: 256 };
      const mask = maskFromLogits(discLogits(frame, x, y, 9.25, 128), frame, image, 0);
      const expected = Uint8Array.from({ length: 61 * 50 }, (_, i) =>
        Math.hypot((i % 61) - x, Math.floor(i / 61) - y) < 9.25 ? 1 : 0,
      );
      let different = 0;
      mask.forEach((value, i) => {
        if (value !== expected[i]) different += 1;
      });
      expect(different).toBeLessThanOrEqual(4);
    }
  });

  it('is that of the logits on every pixel, though only those of the region are looked at', () => {
    const image = { columns: 61, rows: 50 };
    const whole = { x0: 0, y0: 0, x1: 60, y1: 49 };
    for (const [x, y] of [
      [30, 25],
      [1.5, 48],
      [60, -3],
      [-40, 25],
    ] as const) {
      for (const side of [7, 41.7, 200]) {
        const frame = { region: { centre: slicePoint(x, y), side }, size: 256 };
        const grid = discLogits(frame, x, y, side / 3, 128);
        const everywhere = maskAbove(logitsOnPixels(grid, frame, image, whole), -0.3);
        expect(maskFromLogits(grid, frame, image, -0.3)).toEqual(everywhere);
      }
    }
  });

  it('mirrors exactly with the image', () => {
    const image = { columns: 31, rows: 20 };
    const frame = { region: { centre: slicePoint(6.5, 9), side: 17 }, size: 64 };
    const mirrored = { region: { centre: slicePoint(23.5, 9), side: 17 }, size: 64 };
    const { logits } = discLogits(frame, 7.3, 8.1, 5.2, 64);
    const flipped = logits.map((_, i) => logits[i - (i % 64) + 63 - (i % 64)]!);
    const mask = maskFromLogits({ logits, width: 64, height: 64 }, frame, image, -0.5);
    const other = maskFromLogits({ logits: flipped, width: 64, height: 64 }, mirrored, image, -0.5);
    expect(other.map((_, i) => other[i - (i % 31) + 30 - (i % 31)]!)).toEqual(mask);
    expect(maskPixels(mask)).toBeGreaterThan(50);
  });

  it('is empty outside the region, however sure the model is', () => {
    const frame = { region: { centre: slicePoint(10, 10), side: 6 }, size: 16 };
    const mask = maskFromLogits(
      { logits: new Float32Array(256).fill(9), width: 16, height: 16 },
      frame,
      { columns: 21, rows: 21 },
      0,
    );
    expect(maskBox(mask, 21)).toEqual({ x0: 7, y0: 7, x1: 13, y1: 13 });
  });
});

describe('fillHoles', () => {
  it('fills what is enclosed, leaves bays and the border open', () => {
    const mask = drawn('.####..', '.#..#..', '.#..###', '.####.#', '.....#.', '#.#..#.', '.#...#.');
    expect(fillHoles(mask, 7)).toEqual(
      drawn('.####..', '.####..', '.######', '.######', '.....#.', '#.#..#.', '.#...#.'),
    );
  });

  it('treats a ring closed by diagonals as closed', () => {
    expect(fillHoles(drawn('.#.', '#.#', '.#.'), 3)).toEqual(drawn('.#.', '###', '.#.'));
  });
});

describe('keepOverlapping', () => {
  const mask = drawn('##...#', '##....', '..#...', '.....#', '....##');
  it('keeps the components that touch the box, diagonals connect', () => {
    expect(keepOverlapping(mask, 6, { box: { x0: 0, y0: 0, x1: 0.4, y1: 0.4 } })).toEqual(
      drawn('##....', '##....', '..#...', '......', '......'),
    );
  });
  it('keeps the components that touch the previous mask', () => {
    const previous = drawn('......', '......', '......', '.....#', '......');
    expect(keepOverlapping(mask, 6, { mask: previous })).toEqual(
      drawn('......', '......', '......', '.....#', '....##'),
    );
  });
});

describe('measures of a mask', () => {
  it('gives the tight box with inclusive indices, and none for an empty mask', () => {
    expect(maskBox(drawn('.....', '..#..', '.#...'), 5)).toEqual({ x0: 1, y0: 1, x1: 2, y1: 2 });
    expect(maskBox(drawn('..', '..'), 2)).toBeUndefined();
  });

  it('takes the robust centre and spread inside, undisturbed by one outlier', () => {
    const values = Float32Array.of(10, 12, 14, 16, 4000, -7);
    const mask = Uint8Array.of(1, 1, 1, 1, 1, 0);
    expect(intensityInside({ columns: 6, rows: 1, values }, mask)).toEqual({ median: 14, spread: 1.4826 * 2 });
    expect(intensityInside({ columns: 6, rows: 1, values }, new Uint8Array(6))).toBeUndefined();
  });
});

describe('signed distance', () => {
  const size = { column: 0.7, row: 1.3 };

  it('equals the distance by brute force, on pixels that are not square', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 63, maxLength: 63 }), (pixels) => {
        fc.pre(pixels.includes(0) && pixels.includes(1));
        const mask = Uint8Array.from(pixels);
        const found = signedDistance(mask, 9, size);
        mask.forEach((value, index) => {
          let nearest = Number.POSITIVE_INFINITY;
          mask.forEach((other, j) => {
            if (other === value) return;
            const dx = ((index % 9) - (j % 9)) * size.column;
            const dy = (Math.floor(index / 9) - Math.floor(j / 9)) * size.row;
            nearest = Math.min(nearest, Math.hypot(dx, dy));
          });
          expect(found[index]).toBeCloseTo(value === 1 ? 0.35 - nearest : nearest - 0.35, 9);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('puts a square half way between two squares', () => {
    const small = drawn('.......', '.......', '.......', '...#...', '.......', '.......', '.......');
    const large = drawn('.......', '.#####.', '.#####.', '.#####.', '.#####.', '.#####.', '.......');
    const unit = { column: 1, row: 1 };
    expect(maskBox(interpolateMasks(small, large, 0.5, 7, unit), 7)).toEqual({ x0: 2, y0: 2, x1: 4, y1: 4 });
    expect(interpolateMasks(small, large, 0, 7, unit)).toEqual(small);
    expect(interpolateMasks(small, large, 1, 7, unit)).toEqual(large);
  });
});
