import { describe, expect, it } from 'vitest';
import { movedBox } from './keyboardBox.ts';

const image = { columns: 100, rows: 80 };
const box = { x0: 10, y0: 10, x1: 29, y1: 19 };

describe('a box without a pointer', () => {
  it('moves by a tenth of itself', () => {
    expect(movedBox(box, 'ArrowRight', false, image)).toEqual({ x0: 12, y0: 10, x1: 31, y1: 19 });
    expect(movedBox(box, 'ArrowUp', false, image)).toEqual({ x0: 10, y0: 9, x1: 29, y1: 18 });
  });

  it('is resized at its lower right corner, and never vanishes', () => {
    expect(movedBox(box, 'ArrowDown', true, image)).toEqual({ x0: 10, y0: 10, x1: 29, y1: 20 });
    const tiny = { x0: 10, y0: 10, x1: 12, y1: 12 };
    expect(movedBox(tiny, 'ArrowLeft', true, image)).toEqual(tiny);
  });

  it('stays on the image', () => {
    expect(movedBox({ x0: 0, y0: 0, x1: 19, y1: 9 }, 'ArrowLeft', false, image)).toEqual({
      x0: 0,
      y0: 0,
      x1: 17,
      y1: 9,
    });
  });

  it('ignores other keys', () => {
    expect(movedBox(box, 'a', false, image)).toBeUndefined();
  });
});
