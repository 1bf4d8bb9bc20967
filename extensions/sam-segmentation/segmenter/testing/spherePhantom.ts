import { ok } from '#core/result.ts';
import type { SliceSource } from '../sliceSource.ts';

interface Sphere {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly centre: readonly [x: number, y: number, k: number];
  readonly radius: number;
}

/** A bright sphere in darkness, 1 mm voxels, values 0 and 100 with the edge between them where the sphere cuts a pixel. */
export function spherePhantom({ columns, rows, slices, centre, radius }: Sphere): SliceSource {
  return {
    columns,
    rows,
    geometry: { positions: Array.from({ length: slices }, (_, k) => k), columnSpacing: 1, rowSpacing: 1 },
    window: { lower: 0, upper: 100, source: 'manifest' },
    async slice(k) {
      const values = Float32Array.from({ length: columns * rows }, (_, index) => {
        const x = index % columns;
        const y = (index - x) / columns;
        const outside = Math.hypot(x - centre[0], y - centre[1], k - centre[2]) - radius;
        return 100 * Math.min(1, Math.max(0, 0.5 - outside));
      });
      return ok({ columns, rows, values });
    },
  };
}
