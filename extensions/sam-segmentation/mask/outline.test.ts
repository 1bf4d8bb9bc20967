import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineOf, type PixelCorner } from './outline.ts';

const mask = (...rows: readonly string[]) => Uint8Array.from(rows.join(''), (character) => Number(character === '#'));

/** Twice the signed area of a loop; positive where it runs clockwise on a screen. */
const area2 = (loop: readonly PixelCorner[]): number =>
  loop.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = loop[(index + 1) % loop.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);

describe('the outline of a mask', () => {
  it('goes round a pixel along its edges', () => {
    expect(outlineOf(mask('...', '.#.', '...'), 3)).toEqual([
      [
        [1, 1],
        [2, 1],
        [2, 2],
        [1, 2],
      ],
    ]);
  });

  it('goes round a hole the other way', () => {
    const loops = outlineOf(mask('###', '#.#', '###'), 3);
    expect(loops.map(area2).sort((a, b) => a - b)).toEqual([-2, 18]);
  });

  it('parts pixels that touch at a corner only', () => {
    expect(outlineOf(mask('#.', '.#'), 2)).toHaveLength(2);
    expect(outlineOf(mask('.#', '#.'), 2)).toHaveLength(2);
  });

  it('is nothing for an empty mask, and the frame for a full one', () => {
    expect(outlineOf(new Uint8Array(6), 3)).toEqual([]);
    expect(outlineOf(new Uint8Array(6).fill(1), 3).map((loop) => loop.length)).toEqual([4]);
  });

  it('encloses exactly the area of the mask, with corners only where it turns', () =>
    fc.assert(
      fc.property(fc.uint8Array({ min: 0, max: 1, minLength: 63, maxLength: 63 }), (pixels) => {
        const loops = outlineOf(pixels, 9);
        const area = loops.reduce((sum, loop) => sum + area2(loop), 0) / 2;
        expect(area).toBe(pixels.reduce((sum, value) => sum + value, 0));
        for (const loop of loops) {
          loop.forEach(([x, y], index) => {
            const [beforeX, beforeY] = loop.at(index - 1)!;
            const [afterX, afterY] = loop[(index + 1) % loop.length]!;
            expect((beforeX === x) !== (afterX === x)).toBe(true);
            expect((beforeY === y) !== (afterY === y)).toBe(true);
          });
        }
      }),
    ));
});
