import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { ok } from '#core/result.ts';
import type { SliceSource } from '../segmenter/sliceSource.ts';

/** The matrix of a CT. */
const SIDE = 512;
const SLICES = 7;
const RADIUS = 40;
const CENTRE = 256;

export const KEY = 3;
export const FIRST = 1;
export const LAST = 5;
export const BOX: SliceBox = { x0: CENTRE - RADIUS, y0: CENTRE - RADIUS, x1: CENTRE + RADIUS, y1: CENTRE + RADIUS };

/** A bright column in soft tissue on seven slices of 512 x 512: work of the usual size, with a known number of slices. */
export function speedPhantom(): SliceSource {
  const values = Float32Array.from({ length: SIDE * SIDE }, (_, at) => {
    const away = Math.hypot((at % SIDE) - CENTRE, Math.floor(at / SIDE) - CENTRE);
    return (away < RADIUS ? 120 : 40) + ((at * 7919) % 17) - 8;
  });
  const image: SliceImage = { columns: SIDE, rows: SIDE, values };
  return {
    columns: SIDE,
    rows: SIDE,
    geometry: { positions: Array.from({ length: SLICES }, (_, k) => 3 * k), columnSpacing: 0.8, rowSpacing: 0.8 },
    window: { lower: -160, upper: 240, source: 'manifest' },
    slice: async () => ok(image),
  };
}
