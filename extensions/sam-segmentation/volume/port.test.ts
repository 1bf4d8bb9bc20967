import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { slicePoint } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { Keyframe, SliceGeometry } from '../propagation/knowledge.ts';
import { bordersTouched, oneObject } from './answer.ts';
import { CHANNEL_COUNT, volumeChannels } from './channels.ts';
import { type RegionRecipe, regionOf, type VolumeRegion } from './region.ts';
import { regionPrompt } from './regionPrompt.ts';
import { planeOf, regionImage, sampleAxis, slicesNeeded } from './sampling.ts';
import { logitsOnSlice, maskOnSlice, pixelsInside } from './toSlices.ts';

/** Made by models/voxprompt-volume/train/port_fixture.py; the phantoms below are its own, in whole numbers. */
interface Case {
  readonly name: string;
  readonly size: readonly [columns: number, rows: number, slices: number];
  readonly spacing: readonly [number, number, number];
  readonly k: number;
  readonly box: Edges;
  readonly first?: number;
  readonly last?: number;
  readonly boxes?: Readonly<Record<string, Edges>>;
  readonly masks?: Readonly<Record<string, Edges>>;
  readonly points?: readonly (readonly [k: number, x: number, y: number, sign: number])[];
  readonly zoom?: number;
  readonly zoom_z?: number;
  readonly step: number;
  readonly stepZ: number;
  readonly channels: { readonly start: number; readonly count: number };
  readonly channelSums: readonly number[];
  readonly touches: readonly [inPlane: boolean, along: boolean];
  readonly keptCells: number;
  readonly logits: { readonly start: number; readonly count: number };
  readonly maskPixels: readonly number[];
}
type Edges = readonly [number, number, number, number];

const fixture = new URL('../../../test/fixtures/volume/', import.meta.url);
const cases = JSON.parse(readFileSync(new URL('cases.json', fixture), 'utf8')) as readonly Case[];
const bytes = readFileSync(new URL('values.bin', fixture));
const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));

const RECIPE: RegionRecipe = {
  depth: 32,
  size: 64,
  keySample: 16,
  sidePerLongerBoxSide: 2,
  halfDepthPerHalfBox: 2.8,
};
const WINDOW = { lower: -160, upper: 240, source: 'manifest' } as const;
const boxOf = ([x0, y0, x1, y1]: Edges) => ({ x0, y0, x1, y1 });

function phantomSlice([columns, rows]: Case['size'], z: number): Float32Array {
  return Float32Array.from({ length: columns * rows }, (_, index) => {
    const x = index % columns;
    const y = (index - x) / columns;
    const inside =
      (2 * x - columns) ** 2 * 9 * rows * rows + (2 * y - rows) ** 2 * 9 * columns * columns <=
      columns ** 2 * rows ** 2 * 4;
    return x - 2 * y + 7 * ((x * 7 + y * 13 + z * 5) % 11) + (inside ? 90 : 0) + 4 * z;
  });
}

function ellipseMask([columns, rows]: Case['size'], [x0, y0, x1, y1]: Edges): SliceMask {
  const [w, h] = [x1 - x0 + 1, y1 - y0 + 1];
  return Uint8Array.from({ length: columns * rows }, (_, index) => {
    const x = index % columns;
    const y = (index - x) / columns;
    return (2 * x - x0 - x1) ** 2 * h * h + (2 * y - y0 - y1) ** 2 * w * w <= w * w * h * h ? 1 : 0;
  });
}

function standIn({ depth, size }: VolumeRegion, touching: boolean): Float32Array {
  const [a, b, d] = touching ? [20, 34, 15] : [6, 13, 15];
  return Float32Array.from({ length: depth * size * size }, (_, index) => {
    const c = index % size;
    const r = Math.floor(index / size) % size;
    const j = Math.floor(index / size / size);
    const body = 2 - 2 * ((j - 16) / a) ** 2 - 2 * ((r - 30) / b) ** 2 - 2 * ((c - 33) / d) ** 2;
    const blob = 1 - ((j - 18) / 3) ** 2 - ((r - 56) / 3) ** 2 - ((c - 8) / 3) ** 2;
    return Math.max(body, blob);
  });
}

function port(spec: Case) {
  const [columns, rows, slices] = spec.size;
  const [columnSpacing, rowSpacing, gap] = spec.spacing;
  const positions = Array.from({ length: slices }, (_, k) => k * gap);
  const geometry: SliceGeometry = { positions, columnSpacing, rowSpacing };
  const on = (k: number): Keyframe['points'] =>
    (spec.points ?? [])
      .filter(([slice]) => slice === k)
      .map(([, x, y, sign]) => ({ at: slicePoint(x, y), inside: sign > 0 }));
  const key: Keyframe = { k: spec.k, box: boxOf(spec.box), points: on(spec.k) };
  const others = Object.entries(spec.boxes ?? {}).map(([k, box]) => ({
    k: Number(k),
    box: boxOf(box),
    points: on(Number(k)),
  }));
  // A slice with a mask or with points and no box of its own: the port takes keyframes, which have one.
  const bare = [...Object.keys(spec.masks ?? {}), ...(spec.points ?? []).map(([k]) => String(k))]
    .map(Number)
    .filter((k, index, all) => k !== spec.k && all.indexOf(k) === index && spec.boxes?.[k] === undefined)
    .map((k) => ({ k, box: key.box, points: on(k) }));
  const region = regionOf(key, geometry, RECIPE, { inPlane: spec.zoom ?? 1, along: spec.zoom_z ?? 1 });
  const masks = Object.entries(spec.masks ?? {}).map(([k, box]) => [Number(k), ellipseMask(spec.size, box)] as const);
  const { first, last } = spec;
  const full = regionPrompt(
    {
      knowledge: {
        keyframes: [key, ...others, ...bare],
        ...(first === undefined ? {} : { first }),
        ...(last === undefined ? {} : { last }),
      },
      key,
      masks: new Map(masks),
      geometry,
      columns,
      rows,
    },
    region,
  );
  const boxless = new Set(bare.map(({ k }) => Math.round((positions[k]! - region.z) / region.stepZ) + 16));
  const prompt = { ...full, boxes: new Map([...full.boxes].filter(([sample]) => !boxless.has(sample))) };
  const axis = sampleAxis(region, geometry);
  const planes = new Map(
    slicesNeeded(axis).map((k) => {
      const slice = { columns, rows, values: phantomSlice(spec.size, k) };
      return [k, planeOf(slice, WINDOW, region, geometry, 4)] as const;
    }),
  );
  const image = regionImage(planes, axis, region, geometry, { columns, rows });
  return { region, geometry, columns, rows, channels: volumeChannels({ ...image, region, prompt }, 1.45) };
}

const NAMES = ['image', 'relative', 'likelihood', 'box', 'prior', 'range', 'mask', 'inside'];

describe.each(cases.map((spec, index) => [spec.name, spec, index] as const))('the port, with %s', (_, spec, index) => {
  const { region, geometry, columns, rows, channels } = port(spec);
  const { depth, size } = region;
  const grid = depth * size * size;

  it('lays the same region', () => {
    expect(region.step).toBeCloseTo(spec.step, 10);
    expect(region.stepZ).toBeCloseTo(spec.stepZ, 10);
  });

  it('makes the same channels', () => {
    const worst = new Array<number>(CHANNEL_COUNT).fill(0);
    let at = spec.channels.start;
    for (let channel = 0; channel < CHANNEL_COUNT; channel += 1) {
      for (let j = 0; j < depth; j += 5) {
        for (let r = 2; r < size; r += 9) {
          for (let c = 2; c < size; c += 9) {
            const difference = Math.abs(values[at]! - channels[channel * grid + (j * size + r) * size + c]!);
            worst[channel] = Math.max(worst[channel]!, difference);
            at += 1;
          }
        }
      }
    }
    expect(at).toBe(spec.channels.start + spec.channels.count);
    // The lattice is sampled, everything else summed. Torch interpolates in float32, so a value within 1e-6 of the border of
    // a histogram bin may fall to its other side: a few cells of the likelihood may differ by a step of the table.
    for (const [channel, name] of NAMES.entries()) {
      if (name !== 'likelihood') expect(worst[channel], name).toBeLessThan(2e-4);
      const sum = channels.subarray(channel * grid, (channel + 1) * grid).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - spec.channelSums[channel]!) / grid, `sum of ${name}`).toBeLessThan(1e-4);
    }
    expect(worst[NAMES.indexOf('likelihood')]).toBeLessThan(0.2);
  });

  it('keeps one object and sees whether it touches the border', () => {
    const raw = standIn(region, index % 2 === 1);
    const touched = bordersTouched(raw, region, 0);
    expect([touched.inPlane, touched.along]).toEqual(spec.touches);
    expect(oneObject(raw, region, 0).reduce((count, logit) => count + (logit > 0 ? 1 : 0), 0)).toBe(spec.keptCells);
  });

  it('says of a part of a slice what it says of the whole, and which part lies in the region', () => {
    const source = { region, logits: oneObject(standIn(region, index % 2 === 1), region, 0), geometry, columns, rows };
    const part = pixelsInside(source)!;
    const width = part.x1 - part.x0 + 1;
    geometry.positions.forEach((_position, k) => {
      const whole = logitsOnSlice(source, k, { x0: 0, y0: 0, x1: columns - 1, y1: rows - 1 });
      const cut = logitsOnSlice(source, k, part);
      const looked = cut.some(Number.isFinite);
      whole.forEach((logit, pixel) => {
        const [x, y] = [pixel % columns, Math.floor(pixel / columns)];
        const inside = x >= part.x0 && x <= part.x1 && y >= part.y0 && y <= part.y1;
        expect(Number.isFinite(logit)).toBe(inside && looked);
        if (inside) expect(cut[(y - part.y0) * width + x - part.x0]).toBe(logit);
      });
    });
  });

  it('brings the logits to the same voxels', () => {
    const logits = oneObject(standIn(region, index % 2 === 1), region, 0);
    const source = { region, logits, geometry, columns, rows };
    const whole = { x0: 0, y0: 0, x1: columns - 1, y1: rows - 1 };
    let at = spec.logits.start;
    geometry.positions.forEach((_position, k) => {
      const mask = maskOnSlice(source, k, 0);
      expect(
        mask.reduce((sum, value) => sum + value, 0),
        `slice ${k}`,
      ).toBe(spec.maskPixels[k]);
      const slice = logitsOnSlice(source, k, whole);
      expect(slice.map((logit, pixel) => Number(logit > 0) ^ mask[pixel]!).some((differs) => differs !== 0)).toBe(
        false,
      );
      for (let y = 1; y < rows; y += 7) {
        for (let x = 1; x < columns; x += 5, at += 1) {
          const [expected, found] = [values[at]!, slice[y * columns + x]!];
          if (Number.isFinite(expected)) expect(Math.abs(found - expected)).toBeLessThan(1e-3);
          else expect(found).toBe(expected);
        }
      }
    });
    expect(at).toBe(spec.logits.start + spec.logits.count);
  });
});
