import { likelihoodTable, placeOf, relativeScale } from './intensityModel.ts';
import { halfBox, keyEllipse, sampleOffset, tick, type VolumeRegion } from './region.ts';
import type { RegionPrompt } from './regionPrompt.ts';
import type { RegionImage } from './sampling.ts';

/** Number of channels: image, relative, likelihood, box, prior, range, mask, inside. */
export const CHANNEL_COUNT = 8;

const LARGEST_RELATIVE = 6;
/** A key mask smaller than this many cells says nothing of the lesion's intensity. */
const SMALLEST_CORE = 8;
/** The ellipse of this share of the key box stands in for the lesion where there is no mask. */
const CORE_SHARE = 0.85;

/** What the network sees. */
export interface VolumeInput extends RegionImage {
  readonly region: VolumeRegion;
  readonly prompt: RegionPrompt;
  /** One look, also where the manifest averages several. */
  readonly once?: true;
}

/**
 * The eight channels of a region, arithmetic in float32 where the network was trained on float32.
 * @param reach half axis of the expected ellipsoid along the normal, in half box sizes
 * @returns [8, depth, size, size]
 */
export function volumeChannels({ image, inside, region, prompt }: VolumeInput, reach: number): Float32Array {
  const { depth, size } = region;
  const grid = depth * size * size;
  const out = new Float32Array(CHANNEL_COUNT * grid);
  const channel = (index: number): Float32Array => out.subarray(index * grid, (index + 1) * grid);
  intensityChannels(channel(0), channel(1), channel(2), { image, inside, region, prompt });
  boxChannel(channel(3), region, prompt);
  priorChannel(channel(4), region, prompt, reach);
  rangeChannel(channel(5), region, prompt);
  maskChannel(channel(6), region, prompt);
  channel(7).set(inside);
  return out;
}

function intensityChannels(
  values: Float32Array,
  relative: Float32Array,
  likelihood: Float32Array,
  { image, inside, region, prompt }: VolumeInput,
): void {
  const { size, keySample } = region;
  const cells = size * size;
  const keyImage = image.subarray(keySample * cells, (keySample + 1) * cells);
  const keyInside = inside.subarray(keySample * cells, (keySample + 1) * cells);
  const core = coreOf(region, prompt).map((value, cell) => (value === 1 && keyInside[cell]! > 0 ? 1 : 0));
  const beside = boxCells(region).map((value, cell) => (value === 0 && keyInside[cell]! > 0 ? 1 : 0));
  const { median, spread } = relativeScale(keyImage, core);
  const relativeTo = (value: number): number =>
    clipped(Math.fround(Math.fround(value - median) / spread), LARGEST_RELATIVE);
  const table = likelihoodTable(keyImage.map(relativeTo), core, beside, LARGEST_RELATIVE);
  for (let index = 0; index < image.length; index += 1) {
    if (inside[index] === 0) continue;
    const value = image[index]!;
    const distance = relativeTo(value);
    values[index] = 2 * Math.fround(value - 0.5);
    relative[index] = distance / 3;
    likelihood[index] = table[placeOf(distance, LARGEST_RELATIVE)]! / 1.5;
  }
}

const clipped = (value: number, limit: number): number => Math.min(Math.max(value, -limit), limit);

/** Where the lesion is for certain, as far as its intensity is concerned. */
function coreOf(region: VolumeRegion, prompt: RegionPrompt): Uint8Array {
  const mask = prompt.masks.get(region.keySample);
  const sum = mask?.reduce((total, value) => total + value, 0) ?? 0;
  if (mask === undefined || sum < SMALLEST_CORE) return keyEllipse(region, CORE_SHARE);
  return Uint8Array.from(mask, (value) => (value > 0.5 ? 1 : 0));
}

/** Cells whose centre lies in the key box. */
function boxCells(region: VolumeRegion): Uint8Array {
  const { size, width, height } = region;
  return Uint8Array.from({ length: size * size }, (_, cell) => {
    const c = cell % size;
    const r = (cell - c) / size;
    return Math.abs(tick(region, c)) <= width / 2 && Math.abs(tick(region, r)) <= height / 2 ? 1 : 0;
  });
}

function boxChannel(out: Float32Array, region: VolumeRegion, prompt: RegionPrompt): void {
  const { size, keySample } = region;
  const cells = size * size;
  boxCells(region).forEach((value, cell) => {
    out[keySample * cells + cell] = value === 1 ? 1 : -1;
  });
  for (const [sample, { x0, y0, x1, y1 }] of prompt.boxes) {
    for (let r = 0; r < size; r += 1) {
      const y = tick(region, r);
      for (let c = 0; c < size; c += 1) {
        const x = tick(region, c);
        out[sample * cells + r * size + c] = x >= x0 && x <= x1 && y >= y0 && y <= y1 ? 1 : -1;
      }
    }
  }
}

/** The ellipsoid that a lesion with this box is expected to fill, 1 at its centre and 0 on its surface. */
function priorChannel(out: Float32Array, region: VolumeRegion, { first, last }: RegionPrompt, reach: number): void {
  const { depth, size, width, height, stepZ } = region;
  const expected = reach * halfBox(region);
  const low = first === undefined ? expected : Math.max(-first, stepZ / 2);
  const high = last === undefined ? expected : Math.max(last, stepZ / 2);
  const across = Float64Array.from({ length: size }, (_, c) => ((2 * tick(region, c)) / width) ** 2);
  const down = Float64Array.from({ length: size }, (_, r) => ((2 * tick(region, r)) / height) ** 2);
  let index = 0;
  for (let j = 0; j < depth; j += 1) {
    const z = sampleOffset(region, j);
    const along = (z / (z < 0 ? low : high)) ** 2;
    for (let r = 0; r < size; r += 1) {
      for (let c = 0; c < size; c += 1, index += 1) {
        out[index] = Math.min(Math.max(1 - across[c]! - down[r]! - along, -2), 1);
      }
    }
  }
}

function rangeChannel(out: Float32Array, region: VolumeRegion, { first, last }: RegionPrompt): void {
  const { depth, size, keySample } = region;
  const cells = size * size;
  for (let j = 0; j < depth; j += 1) {
    const z = sampleOffset(region, j);
    const end = j < keySample ? first : last;
    if (j === keySample || end === undefined) continue;
    out.fill((j < keySample ? z >= end : z <= end) ? 1 : -1, j * cells, (j + 1) * cells);
  }
}

function maskChannel(out: Float32Array, region: VolumeRegion, { masks, points }: RegionPrompt): void {
  const { size } = region;
  const cells = size * size;
  for (const [sample, mask] of masks) {
    for (let cell = 0; cell < cells; cell += 1) out[sample * cells + cell] = 2 * mask[cell]! - 1;
  }
  for (const { sample, row, column, inside } of points) {
    for (let r = Math.max(row - 1, 0); r < Math.min(row + 2, size); r += 1) {
      const start = sample * cells + r * size;
      out.fill(inside ? 1 : -1, start + Math.max(column - 1, 0), start + Math.min(column + 2, size));
    }
  }
}
