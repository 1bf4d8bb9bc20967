import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Vector3 } from '#core/geometry/coordinates.ts';
import { cross, displacement, dot, length, normalize, scale } from '#core/geometry/vector.ts';

/** Voxel (i, j, k) to NIfTI world coordinates, mm, RAS+: origin + i * columns[0] + j * columns[1] + k * columns[2]. */
export interface Affine {
  readonly origin: Vector3;
  readonly columns: readonly [Vector3, Vector3, Vector3];
}

/** DICOM is LPS, NIfTI is RAS: x and y change sign. */
const ras = ([x, y, z]: Vector3): Vector3 => [-x, -y, z];

/**
 * The slices as one affine. The step along k is measured from the first slice to the last, so that the rounding of positions is
 * spread and not summed.
 */
export function affineOf({ stack }: ImageSeries): Affine {
  const first = stack.planes[0]!;
  const last = stack.planes[stack.planes.length - 1]!;
  const step = scale(displacement(first.position, last.position), 1 / Math.max(1, stack.planes.length - 1));
  const { position, rowDirection, columnDirection, columnSpacing, rowSpacing } = first;
  return {
    origin: ras([position[0], position[1], position[2]]),
    columns: [ras(scale(rowDirection, columnSpacing)), ras(scale(columnDirection, rowSpacing)), ras(step)],
  };
}

/** A rotation as NIfTI stores it: a = sqrt(1 - b² - c² - d²) is left out, so it is never negative. */
export interface Rotation {
  readonly bcd: Vector3;
  /** -1 where the third axis is mirrored (PixDim[0]). */
  readonly qfac: 1 | -1;
}

/** Quaternion of the affine's directions (nifti1.h, method 2); the largest component is found first, so none is a small difference. */
export function rotationOf({ columns }: Affine): Rotation {
  const x = normalize(columns[0]);
  const across = columns[1].map((value, axis) => value - dot(columns[1], x) * x[axis]!) as unknown as Vector3;
  const y = normalize(across);
  const z = cross(x, y);
  const traces = [x[0] + y[1] + z[2], x[0] - y[1] - z[2], y[1] - x[0] - z[2], z[2] - x[0] - y[1]] as const;
  const largest = traces.indexOf(Math.max(...traces));
  const twice = Math.sqrt(1 + traces[largest]!);
  const w = 0.5 / twice;
  const [yz, zx, xy] = [y[2] - z[1], z[0] - x[2], x[1] - y[0]];
  const candidates = [
    [twice / 2, yz * w, zx * w, xy * w],
    [yz * w, twice / 2, (x[1] + y[0]) * w, (z[0] + x[2]) * w],
    [zx * w, (x[1] + y[0]) * w, twice / 2, (y[2] + z[1]) * w],
    [xy * w, (z[0] + x[2]) * w, (y[2] + z[1]) * w, twice / 2],
  ] as const;
  const [a, ...bcd] = candidates[largest]!;
  return { bcd: nearestSingles(scale(bcd, a < 0 ? -1 : 1), Math.abs(a)), qfac: dot(z, columns[2]) < 0 ? -1 : 1 };
}

/**
 * Readers find a as sqrt(1 - b² - c² - d²), which is ill-conditioned near half a turn, where every axial series lies (RAS against
 * LPS). So of all float32 neighbours, those whose a comes out best. A square that is just below zero is read as a = 0.
 */
function nearestSingles(bcd: Vector3, a: number): Vector3 {
  const [bs, cs, ds] = [neighbours(bcd[0]), neighbours(bcd[1]), neighbours(bcd[2])];
  let best: Vector3 = [bs[0]!, cs[0]!, ds[0]!];
  let least = Number.POSITIVE_INFINITY;
  for (const b of bs) {
    for (const c of cs) {
      for (const d of ds) {
        const square = 1 - b * b - c * c - d * d;
        const error = square < -SQUARE_READ_AS_ZERO ? 1 : Math.abs(Math.sqrt(Math.max(0, square)) - a);
        if (error < least) [best, least] = [[b, c, d], error];
      }
    }
  }
  return best;
}

/** The smaller of what niftilib (1e-7) and nibabel (3.6e-7) accept. */
const SQUARE_READ_AS_ZERO = 1e-7;

/** A number in float32 and two steps to either side, the nearest first; zero is exact. */
const neighbours = (value: number): readonly number[] =>
  value === 0 ? [0] : [0, 1, -1, 2, -2].map((ulps) => Math.fround(value * (1 + ulps * 2 ** -23)));

/** Voxel size along i, j, k, mm. */
export const voxelSize = ({ columns }: Affine): Vector3 => [length(columns[0]), length(columns[1]), length(columns[2])];
