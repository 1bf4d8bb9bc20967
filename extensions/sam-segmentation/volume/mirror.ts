import type { VolumeAnswer } from './answer.ts';

/** The grid of a region; the key sample is its middle one: `2 * keySample === depth`. */
interface Grid {
  readonly depth: number;
  readonly size: number;
  readonly keySample: number;
}

/**
 * A region seen from the other side of everything: mirrored along all three axes, so that the key sample stays where it is. The
 * outermost sample, which has no partner, is its own.
 * @param channels [count, depth, size, size]
 */
export function mirroredChannels(channels: Float32Array, grid: Grid): Float32Array {
  const volume = grid.depth * grid.size ** 2;
  const out = new Float32Array(channels.length);
  for (let start = 0; start < channels.length; start += volume) {
    out.set(mirrored(channels.subarray(start, start + volume), grid.size ** 2, grid), start);
  }
  return out;
}

/** The mean of what a network says of a region and of what it says of the mirrored one. */
export const meanAnswer = (straight: VolumeAnswer, ofMirrored: VolumeAnswer, grid: Grid): VolumeAnswer => ({
  logits: mean(straight.logits, mirrored(ofMirrored.logits, grid.size ** 2, grid)),
  presence: mean(straight.presence, mirrored(ofMirrored.presence, 1, grid)),
  score: mean(straight.score, mirrored(ofMirrored.score, 1, grid)),
});

/** @param cells values per sample; their order is turned round with that of the samples */
function mirrored(values: Float32Array, cells: number, { depth, keySample }: Grid): Float32Array {
  const out = new Float32Array(values.length);
  for (let j = 0; j < depth; j += 1) {
    const partner = (2 * keySample - j + depth) % depth;
    out.set(values.slice(partner * cells, (partner + 1) * cells).reverse(), j * cells);
  }
  return out;
}

const mean = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, index) => (value + b[index]!) / 2);
