import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledExtent } from './labelledExtent.ts';

describe('the extent of what is labelled on a slice', () => {
  it('is the tight box of all labels, whatever their number', () => {
    const scene = fc
      .record({ columns: fc.integer({ min: 1, max: 9 }), rows: fc.integer({ min: 1, max: 9 }) })
      .chain(({ columns, rows }) =>
        fc.record({
          columns: fc.constant(columns),
          labels: fc.array(fc.constantFrom(0, 0, 0, 1, 7, 255), {
            minLength: columns * rows,
            maxLength: columns * rows,
          }),
        }),
      );
    fc.assert(
      fc.property(scene, ({ columns, labels }) => {
        const at = labels.flatMap((label, index) =>
          label === 0 ? [] : [[index % columns, Math.floor(index / columns)]],
        );
        const [xs, ys] = [at.map(([x]) => x!), at.map(([, y]) => y!)];
        const tight = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
        expect(labelledExtent(Uint8Array.from(labels), columns)).toEqual(at.length === 0 ? undefined : tight);
      }),
    );
  });
});
