import { keyEllipse, type VolumeRegion } from './region.ts';

/** What the network says about a region. */
export interface VolumeAnswer {
  /** [depth, size, size] */
  readonly logits: Float32Array;
  /** Probability that the lesion is on the sample's slice. [depth] */
  readonly presence: Float32Array;
  /** Expected Dice of the sample's slice. [depth] */
  readonly score: Float32Array;
}

/** Whether the mask reaches the region's border: then the region was too small. */
export function bordersTouched(
  logits: Float32Array,
  { depth, size }: VolumeRegion,
  threshold: number,
): { readonly inPlane: boolean; readonly along: boolean } {
  const cells = size * size;
  const above = (index: number): boolean => logits[index]! > threshold;
  let inPlane = false;
  let along = false;
  for (let cell = 0; cell < cells; cell += 1) along ||= above(cell) || above((depth - 1) * cells + cell);
  for (let j = 0; j < depth; j += 1) {
    for (let i = 0; i < size; i += 1) {
      const start = j * cells;
      inPlane ||= above(start + i) || above(start + cells - size + i);
      inPlane ||= above(start + i * size) || above(start + i * size + size - 1);
    }
  }
  return { inPlane, along };
}

/** A little more than the key box: the mask may leave it. */
const SEED_SHARE = 1.1;

/**
 * Turns down (to the negative) every part of the mask that does not hang together, by faces, with the mask on the key slice
 * inside the key box's ellipse.
 */
export function oneObject(logits: Float32Array, region: VolumeRegion, threshold: number): Float32Array {
  const { depth, size, keySample } = region;
  const cells = size * size;
  const reached = new Uint8Array(logits.length);
  const stack = new Int32Array(logits.length);
  let top = 0;
  const visit = (index: number): void => {
    if (reached[index] === 1 || !(logits[index]! > threshold)) return;
    reached[index] = 1;
    stack[top] = index;
    top += 1;
  };
  keyEllipse(region, SEED_SHARE).forEach((seed, cell) => {
    if (seed === 1) visit(keySample * cells + cell);
  });
  while (top > 0) {
    top -= 1;
    const index = stack[top]!;
    const j = Math.floor(index / cells);
    const cell = index - j * cells;
    const c = cell % size;
    if (c > 0) visit(index - 1);
    if (c < size - 1) visit(index + 1);
    if (cell >= size) visit(index - size);
    if (cell < cells - size) visit(index + size);
    if (j > 0) visit(index - cells);
    if (j < depth - 1) visit(index + cells);
  }
  return logits.map((logit, index) => (logit > threshold && reached[index] === 0 ? -Math.abs(logit) : logit));
}
