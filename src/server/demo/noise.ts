/** Deterministic randomness: the phantom is the same on every machine. */

/** Uniform numbers in [0, 1) from a 32-bit seed (a Weyl sequence through an integer hash). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return (hash32(state) >>> 0) / 2 ** 32;
  };
}

function hash32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

const corner = (i: number, j: number, k: number, seed: number): number =>
  hash32(Math.imul(i, 0x1f123bb5) ^ Math.imul(j, 0x5bd1e995) ^ Math.imul(k, 0x27d4eb2f) ^ seed) / 2 ** 31;

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** Smooth noise in [-1, 1] whose features have about the size 1. Written out: it runs some hundred million times. */
export function noise3(x: number, y: number, z: number, seed: number): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const k = Math.floor(z);
  const u = smooth(x - i);
  const v = smooth(y - j);
  const w = smooth(z - k);
  const near = mix(
    mix(corner(i, j, k, seed), corner(i + 1, j, k, seed), u),
    mix(corner(i, j + 1, k, seed), corner(i + 1, j + 1, k, seed), u),
    v,
  );
  const far = mix(
    mix(corner(i, j, k + 1, seed), corner(i + 1, j, k + 1, seed), u),
    mix(corner(i, j + 1, k + 1, seed), corner(i + 1, j + 1, k + 1, seed), u),
    v,
  );
  return mix(near, far, w);
}

/** Two octaves of {@link noise3}; `size` in mm. */
export const fractal = (x: number, y: number, z: number, size: number, seed: number): number =>
  0.65 * noise3(x / size, y / size, z / size, seed) +
  0.35 * noise3((2.1 * x) / size, (2.1 * y) / size, (2.1 * z) / size, seed + 1);

/** A surface that goes in and out by up to `amount` mm; far from it the distance stays as it is, and no noise is worked out. */
export function rough(
  distance: number,
  amount: number,
  size: number,
  seed: number,
  x: number,
  y: number,
  z: number,
): number {
  if (distance > amount + 3 || distance < -amount - 3) return distance;
  return distance + amount * noise3(x / size, y / size, z / size, seed);
}

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
