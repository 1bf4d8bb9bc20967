import { createHash } from 'node:crypto';
import { ok } from '#core/result.ts';
import { volumeChannels } from '../volume/channels.ts';
import { regionOf } from '../volume/region.ts';
import { NO_PROMPT } from '../volume/regionPrompt.ts';
import type { ReadModelFile } from './modelFiles.ts';
import { parseVolumeManifest, type VolumeManifest } from './volumeManifest.ts';

/** Test support: a model of the `volume` family on a grid of 4 x 4 x 4 that gives back its first channel. */
const GRID = { depth: 4, size: 4, keySample: 2 } as const;
const CELLS = GRID.depth * GRID.size ** 2;
const RECIPE = {
  ...GRID,
  sidePerLongerBoxSide: 2,
  halfDepthPerHalfBox: 2,
  zoomStep: 1.25,
  zoomRounds: 1,
  pooling: { largestFactor: 1 },
};
export const TINY_PRESENCE = 0.5;

const image = Uint8Array.from({ length: CELLS }, (_, index) => index * 3);
const inside = new Uint8Array(CELLS).fill(1);
const box = { x0: 0, y0: 0, x1: 0, y1: 0 };
const region = regionOf({ k: 0, box }, { positions: [0], columnSpacing: 4, rowSpacing: 4 }, RECIPE);
const channels = volumeChannels(
  {
    image: Float32Array.from(image, (value) => value / 255),
    inside: Float32Array.from(inside),
    region,
    prompt: NO_PROMPT,
  },
  1.45,
);
const logits = channels.slice(0, CELLS);
const perSlice = new Float32Array(GRID.depth).fill(TINY_PRESENCE);

const sections = { image, inside, channels, mask_logits: logits, slice_presence: perSlice, slice_score: perSlice };
const shapes: Record<string, readonly number[]> = {
  image: [4, 4, 4],
  inside: [4, 4, 4],
  channels: [8, 4, 4, 4],
  mask_logits: [4, 4, 4],
  slice_presence: [4],
  slice_score: [4],
};
let offset = 0;
const parts: Uint8Array[] = [];
const tensors = Object.fromEntries(
  Object.entries(sections).map(([name, data]) => {
    const bytes = new Uint8Array(data.buffer.slice(0));
    parts.push(bytes);
    const entry = {
      dtype: data instanceof Float32Array ? 'float32' : 'uint8',
      shape: shapes[name],
      offset,
      bytes: bytes.length,
    };
    offset += bytes.length;
    return [name, entry];
  }),
);
const golden = {
  format: 1,
  reference: 'arithmetic',
  region: { w: 4, h: 4, zoom: 1, zoomZ: 1 },
  sampling: {
    channels: { start: [0, 0, 0, 0], stride: [1, 1, 1, 1] },
    mask_logits: { start: [0, 0, 0], stride: 1 },
  },
  maskVoxels: logits.filter((logit) => logit > 0).length,
  tensors,
};
const files = new Map<string, Uint8Array<ArrayBuffer>>([
  ['volume.onnx', new TextEncoder().encode('volume')],
  ['volume-golden.json', new TextEncoder().encode(JSON.stringify(golden))],
  ['volume-golden.bin', Uint8Array.from(parts.flatMap((part) => [...part]))],
]);
const entry = (path: string) => {
  const bytes = files.get(path)!;
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
};

export const tinyVolumeManifestText = JSON.stringify({
  id: 'tiny-volume',
  name: 'Tiny volume',
  version: '1',
  family: 'volume',
  licence: { spdx: 'Apache-2.0', file: 'LICENSE' },
  source: { description: 'arithmetic' },
  intensity: { other: { kind: 'window', low: 0, high: 1 } },
  region: RECIPE,
  channels: ['image', 'relative', 'likelihood', 'box', 'prior', 'range', 'mask', 'inside'],
  prior: { reach: 1.45 },
  prompt: { kinds: ['box'], maskThreshold: 0 },
  combination: { rule: 'volume' },
  tensors: {
    channels: 'channels',
    maskLogits: 'mask_logits',
    slicePresence: 'slice_presence',
    sliceScore: 'slice_score',
  },
  files: [{ role: 'volume', graph: entry('volume.onnx') }],
  golden: {
    description: entry('volume-golden.json'),
    data: entry('volume-golden.bin'),
    tolerance: { channel: 1e-6, logit: 1e-3, maskVoxels: 0, score: 1e-6 },
  },
});

export const tinyVolumeManifest: VolumeManifest = (() => {
  const parsed = parseVolumeManifest(tinyVolumeManifestText, 'tiny-volume/manifest.json');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
})();

/** Undefined where the file is none of this model's. */
export const tinyVolumeFile = (path: string): ReturnType<ReadModelFile> | undefined => {
  const bytes = files.get(path);
  return bytes === undefined ? undefined : Promise.resolve(ok(bytes));
};
