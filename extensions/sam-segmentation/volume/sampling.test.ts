import { describe, expect, it } from 'vitest';
import type { SliceGeometry } from '../propagation/knowledge.ts';
import { regionOf } from './region.ts';
import { NO_PROMPT, outerBorder, regionPrompt } from './regionPrompt.ts';
import { planeOf, regionImage, sampleAxis, slicesNeeded } from './sampling.ts';
import { maskOnSlice, samplesWithin, slicesInside, valueOnSlice } from './toSlices.ts';

const RECIPE = { depth: 32, size: 64, keySample: 16, sidePerLongerBoxSide: 2, halfDepthPerHalfBox: 2.8 };
const WINDOW = { lower: 0, upper: 100, source: 'manifest' } as const;
const BOX = { x0: 20, y0: 20, x1: 39, y1: 39 };
const image = { columns: 60, rows: 60 };

const stack = (...positions: number[]): SliceGeometry => ({ positions, columnSpacing: 1, rowSpacing: 1 });

/** A stack whose value is the position of the slice, so that interpolation along the normal can be read off. */
function sampled(geometry: SliceGeometry, k: number) {
  const region = regionOf({ k, box: BOX }, geometry, RECIPE);
  const axis = sampleAxis(region, geometry);
  const planes = new Map(
    slicesNeeded(axis).map((slice) => {
      const values = new Float32Array(60 * 60).fill(geometry.positions[slice]!);
      return [slice, planeOf({ ...image, values }, WINDOW, region, geometry, 4)] as const;
    }),
  );
  const grid = regionImage(planes, axis, region, geometry, image);
  const middle = (j: number): number => j * 64 * 64 + 32 * 64 + 32;
  return { region, at: (j: number) => grid.image[middle(j)]! * 100, inside: (j: number) => grid.inside[middle(j)]! };
}

describe('sampling along the normal', () => {
  it('interpolates by millimetres where the gaps between slices differ', () => {
    const { region, at, inside } = sampled(stack(10, 12, 20, 21, 40, 60, 61, 90), 4);
    for (let j = 0; j < 32; j += 1) {
      const position = 40 + (j - 16) * region.stepZ;
      if (position >= 10 && position <= 90) expect(at(j)).toBeCloseTo(position, 4);
      expect(inside(j)).toBe(position >= 9 && position <= 104.5 ? 1 : 0);
    }
  });

  it('sees one sample of a series of one slice: the key slice itself', () => {
    const { inside, at } = sampled(stack(50), 0);
    expect(Array.from({ length: 32 }, (_, j) => inside(j)).map((value, j) => (value === 1 ? j : -1))).toEqual(
      Array.from({ length: 32 }, (_, j) => (j === 16 ? 16 : -1)),
    );
    expect(at(16)).toBeCloseTo(50, 4);
  });

  it('asks only for the slices that the region needs', () => {
    const thin = stack(...Array.from({ length: 2000 }, (_, k) => k * 0.1));
    const region = regionOf({ k: 1000, box: BOX }, thin, RECIPE);
    expect(slicesNeeded(sampleAxis(region, thin)).length).toBeLessThanOrEqual(64);
  });

  it('takes a value that is not a number as black', () => {
    const geometry = stack(0, 1, 2);
    const region = regionOf({ k: 1, box: BOX }, geometry, RECIPE);
    const values = new Float32Array(60 * 60).fill(Number.NaN);
    expect(planeOf({ ...image, values }, WINDOW, region, geometry, 4).every((value) => value === 0)).toBe(true);
  });

  it('sees nothing of a slice that the region misses altogether', () => {
    const geometry = { positions: [0], columnSpacing: 1, rowSpacing: 1 };
    const region = { ...regionOf({ k: 0, box: BOX }, geometry, RECIPE), x: 500 };
    const values = new Float32Array(60 * 60).fill(100);
    expect(planeOf({ ...image, values }, WINDOW, region, geometry, 4).every((value) => value === 0)).toBe(true);
  });
});

describe('what the reader gave, on the grid', () => {
  it('puts an end on the outer border of its slice, and on the border of the stack as far out as inwards', () => {
    const geometry = stack(0, 2, 6, 7);
    expect([outerBorder(geometry, 1, 1), outerBorder(geometry, 2, -1)]).toEqual([4, 4]);
    expect([outerBorder(geometry, 0, -1), outerBorder(geometry, 3, 1)]).toEqual([-1, 7.5]);
    expect(outerBorder(stack(5), 0, 1)).toBe(5);
  });

  it('leaves out a box that lies nearest to the key sample, and keeps the nearer of two on one sample', () => {
    const geometry = stack(...Array.from({ length: 101 }, (_, k) => k * 0.5));
    const region = regionOf({ k: 50, box: BOX }, geometry, RECIPE);
    const keyframe = (k: number, x0: number) => ({ k, box: { ...BOX, x0 }, points: [] });
    const key = keyframe(50, BOX.x0);
    const near = Math.round((2 * region.stepZ) / 0.5);
    const keyframes = [key, keyframe(51, 21), keyframe(50 + near + 1, 22), keyframe(50 + near, 23)];
    const prompt = regionPrompt({ knowledge: { keyframes }, key, masks: new Map(), geometry, ...image }, region);
    expect([...prompt.boxes].map(([sample, { x0 }]) => [sample, x0 + region.x + 0.5])).toEqual([[18, 23]]);
    expect(NO_PROMPT.boxes.size).toBe(0);
  });
});

describe('bringing the answer to the slices', () => {
  const geometry = stack(...Array.from({ length: 60 }, (_, k) => k * 2));
  const region = regionOf({ k: 30, box: BOX }, geometry, RECIPE);

  it('says which slices the region holds, and gives nothing beyond it', () => {
    const inside = slicesInside(region, geometry)!;
    expect(inside.first).toBe(Math.ceil((60 - 16.5 * region.stepZ) / 2));
    expect(inside.last).toBe(Math.floor((60 + 15.5 * region.stepZ) / 2));
    const source = { region, geometry, ...image, logits: new Float32Array(32 * 64 * 64).fill(1) };
    expect(maskOnSlice(source, inside.first - 1, 0).some((value) => value === 1)).toBe(false);
    const mask = maskOnSlice(source, inside.first, 0);
    // The region is twice the box: 40 px around its centre.
    expect(mask.reduce((sum, value) => sum + value, 0)).toBe(40 * 40);
    expect(valueOnSlice(new Float32Array(32), region, -500)).toBeUndefined();
  });
});

describe('an end that the reader gave', () => {
  it('is reached by the last sample inside it, where the next one outside would have turned the slice off', () => {
    // The slice of the end lies past the last sample inside, whose neighbour the network has turned far down.
    const geometry = stack(0, 5, 10, 18.2, 20);
    const region = regionOf({ k: 0, box: BOX }, geometry, RECIPE);
    const cells = 64 * 64;
    const within = samplesWithin(region, { last: outerBorder(geometry, 3, 1) - region.z });
    expect(within).toEqual({ last: 16 + Math.floor(19.1 / region.stepZ) });
    const logits = new Float32Array(32 * cells).map((_, at) => (Math.floor(at / cells) <= within.last! ? 1 : -9));
    const source = { region, logits, geometry, ...image };
    const pixels = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);
    expect(pixels(maskOnSlice(source, 3, 0))).toBe(0);
    expect(pixels(maskOnSlice({ ...source, within }, 3, 0))).toBeGreaterThan(1000);
  });
});
