import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Keyframe, Knowledge, SliceGeometry } from '../propagation/knowledge.ts';
import { sampleAt, tick, type VolumeRegion } from './region.ts';

/** What the reader gave besides the key box, on the grid of a region. */
export interface RegionPrompt {
  /** Lowest and highest offset from the key slice that the lesion reaches, mm, where the reader has given that end. */
  readonly first?: number;
  readonly last?: number;
  /** Boxes of other slices by sample: edges in mm from the centre of the key box. */
  readonly boxes: ReadonlyMap<number, SliceBox>;
  /** Masks by sample, size x size, 0 to 1. */
  readonly masks: ReadonlyMap<number, Float32Array>;
  readonly points: readonly {
    readonly sample: number;
    readonly row: number;
    readonly column: number;
    readonly inside: boolean;
  }[];
}

export const NO_PROMPT: RegionPrompt = { boxes: new Map(), masks: new Map(), points: [] };

/** What there is to say about one lesion besides its key box. */
export interface PromptSource {
  readonly knowledge: Knowledge;
  /** The keyframe that the region is built on. */
  readonly key: Keyframe;
  /** Masks that the reader has made or accepted, by k. */
  readonly masks: ReadonlyMap<number, SliceMask>;
  readonly geometry: SliceGeometry;
  readonly columns: number;
  readonly rows: number;
}

/** Lays the reader's knowledge on the grid; boxes and masks of other slices go to the nearest sample. */
export function regionPrompt(source: PromptSource, region: VolumeRegion): RegionPrompt {
  const { knowledge, key, geometry } = source;
  const { first, last } = knowledge;
  const boxes = new Map<number, SliceBox>();
  const masks = new Map<number, Float32Array>();
  // The nearest keyframe of a sample comes last, and stays.
  for (const { k, box } of byDistance(knowledge.keyframes, region, geometry)) {
    const sample = nearestSample(region, geometry.positions[k]!);
    if (k !== key.k && sample !== region.keySample) boxes.set(sample, inMillimetres(box, region, geometry));
    const mask = source.masks.get(k);
    if (mask !== undefined && (k === key.k || sample !== region.keySample)) {
      masks.set(sample, maskOnGrid(mask, region, source));
    }
  }
  return {
    ...(first === undefined ? {} : { first: outerBorder(geometry, first, -1) - region.z }),
    ...(last === undefined ? {} : { last: outerBorder(geometry, last, 1) - region.z }),
    boxes,
    masks,
    points: knowledge.keyframes.flatMap((keyframe) => pointsOn(keyframe, region, geometry)),
  };
}

function byDistance(
  keyframes: readonly Keyframe[],
  region: VolumeRegion,
  { positions }: SliceGeometry,
): readonly Keyframe[] {
  const off = ({ k }: Keyframe): number => {
    const sample = sampleAt(region, positions[k]!);
    return Math.abs(sample - nearestSample(region, positions[k]!));
  };
  return [...keyframes].sort((a, b) => off(b) - off(a) || a.k - b.k);
}

function nearestSample(region: VolumeRegion, position: number): number {
  const offset = roundHalfEven(sampleAt(region, position) - region.keySample);
  return Math.min(Math.max(offset + region.keySample, 0), region.depth - 1);
}

/** As numpy and Python round, so that a tie goes to the same sample here and there. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest === 0.5 ? below + (Math.abs(below) % 2) : Math.round(value);
}

/** Position halfway between slice k and the next one outwards, mm; at the border of the stack as far as on its other side. */
export function outerBorder({ positions }: SliceGeometry, k: number, outward: 1 | -1): number {
  const here = positions[k]!;
  const [beyond, before] = [positions[k + outward], positions[k - outward]];
  return beyond === undefined ? here + (here - (before ?? here)) / 2 : (here + beyond) / 2;
}

function inMillimetres(
  { x0, y0, x1, y1 }: SliceBox,
  { x, y }: VolumeRegion,
  { columnSpacing, rowSpacing }: SliceGeometry,
): SliceBox {
  return {
    x0: (x0 - 0.5) * columnSpacing - x,
    y0: (y0 - 0.5) * rowSpacing - y,
    x1: (x1 + 0.5) * columnSpacing - x,
    y1: (y1 + 0.5) * rowSpacing - y,
  };
}

function pointsOn(
  { k, points }: Keyframe,
  region: VolumeRegion,
  { positions, columnSpacing, rowSpacing }: SliceGeometry,
): RegionPrompt['points'] {
  const sample = nearestSample(region, positions[k]!);
  const cell = (mm: number, centre: number): number => Math.floor((mm - centre) / region.step + region.size / 2);
  return points
    .map(({ at: [x, y], inside }) => ({
      sample,
      row: cell(y * rowSpacing, region.y),
      column: cell(x * columnSpacing, region.x),
      inside,
    }))
    .filter(({ row, column }) => Math.min(row, column) >= 0 && Math.max(row, column) < region.size);
}

/** A mask of the slice's pixels on the region's cells, bilinear, 0 outside the image. */
function maskOnGrid(
  mask: SliceMask,
  region: VolumeRegion,
  { geometry: { columnSpacing, rowSpacing }, columns, rows }: PromptSource,
): Float32Array {
  const { size } = region;
  const at = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < columns && y < rows ? mask[y * columns + x]! : 0;
  const out = new Float32Array(size * size);
  for (let r = 0; r < size; r += 1) {
    const y = (region.y + tick(region, r)) / rowSpacing;
    const y0 = Math.floor(y);
    const down = y - y0;
    for (let c = 0; c < size; c += 1) {
      const x = (region.x + tick(region, c)) / columnSpacing;
      const x0 = Math.floor(x);
      const across = x - x0;
      out[r * size + c] =
        (at(x0, y0) * (1 - across) + at(x0 + 1, y0) * across) * (1 - down) +
        (at(x0, y0 + 1) * (1 - across) + at(x0 + 1, y0 + 1) * across) * down;
    }
  }
  return out;
}
