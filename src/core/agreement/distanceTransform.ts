/** Sizes of a lattice; index = (z * size.y + y) * size.x + x. */
export interface LatticeSize {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/**
 * Exact distance of every lattice point to the nearest marked one, mm; Infinity everywhere where none is marked.
 * Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions" (2012), an axis at a time.
 * @param marked 1 where the distance is 0
 * @param spacing mm between lattice points along x, y, z
 */
export function distanceTransform(
  marked: Uint8Array,
  { x, y, z }: LatticeSize,
  spacing: readonly [number, number, number],
): Float64Array {
  const squared = Float64Array.from(marked, (value) => (value === 1 ? 0 : Infinity));
  const line = lineTransform(Math.max(x, y, z));
  for (let row = 0; row < y * z; row += 1) line(squared, row * x, 1, x, spacing[0]);
  for (let k = 0; k < z; k += 1) for (let i = 0; i < x; i += 1) line(squared, k * x * y + i, x, y, spacing[1]);
  for (let point = 0; point < x * y; point += 1) line(squared, point, x * y, z, spacing[2]);
  return squared.map(Math.sqrt);
}

/** Replaces a line of squared distances by the lower envelope of the parabolas that stand on it. */
function lineTransform(longest: number) {
  const feet = new Int32Array(longest);
  const from = new Float64Array(longest + 1);
  const values = new Float64Array(longest);

  return (squared: Float64Array, start: number, step: number, length: number, spacing: number): void => {
    const unit = spacing * spacing;
    let last = -1;
    for (let q = 0; q < length; q += 1) {
      const value = squared[start + q * step]!;
      values[q] = value;
      if (value === Infinity) continue;
      let meets = -Infinity;
      while (last >= 0) {
        const foot = feet[last]!;
        meets = ((value - values[foot]!) / unit + q * q - foot * foot) / (2 * (q - foot));
        if (meets > from[last]!) break;
        last -= 1;
      }
      last += 1;
      feet[last] = q;
      from[last] = last === 0 ? -Infinity : meets;
    }
    if (last < 0) return;
    let nearest = 0;
    for (let q = 0; q < length; q += 1) {
      while (nearest < last && from[nearest + 1]! < q) nearest += 1;
      const foot = feet[nearest]!;
      squared[start + q * step] = ((q - foot) * spacing) ** 2 + values[foot]!;
    }
  };
}
