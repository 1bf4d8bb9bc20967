import * as z from 'zod';
import { ok, type Result } from '#core/result.ts';
import { type VolumeInput, volumeChannels } from '../volume/channels.ts';
import { regionOf } from '../volume/region.ts';
import { NO_PROMPT } from '../volume/regionPrompt.ts';
import { bytesOf, floatsOf, type GoldenFiles, readGoldenFiles } from './goldenFiles.ts';
import type { ReadModelFile, ReadOptions } from './modelFiles.ts';
import type { VolumeManifest, VolumeTolerance } from './volumeManifest.ts';
import type { VolumeRuntime } from './volumeRuntime.ts';

const tensor = z.object({
  dtype: z.enum(['uint8', 'float32']),
  shape: z.array(z.int().positive()).min(1),
  offset: z.int().nonnegative(),
  bytes: z.int().positive(),
});
const axes = (count: number) => z.array(z.int().nonnegative()).length(count);
const goldenSchema = z.object({
  format: z.literal(1),
  reference: z.string(),
  region: z.object({ w: z.number(), h: z.number(), zoom: z.number(), zoomZ: z.number() }),
  sampling: z.object({
    channels: z.object({ start: axes(4), stride: axes(4) }),
    mask_logits: z.object({ start: axes(3), stride: z.int().positive() }),
  }),
  maskVoxels: z.int().nonnegative(),
  tensors: z.object({
    image: tensor,
    inside: tensor,
    channels: tensor,
    mask_logits: tensor,
    slice_presence: tensor,
    slice_score: tensor,
  }),
});

type Description = z.infer<typeof goldenSchema>;

/** The golden region (a phantom) and what PyTorch made of it. */
export type VolumeGolden = GoldenFiles<Description>;

/** Errors: those of {@link readGoldenFiles}. */
export const readVolumeGolden = (
  { golden }: VolumeManifest,
  read: ReadModelFile,
  options: ReadOptions = {},
): Promise<Result<VolumeGolden>> =>
  readGoldenFiles(golden, goldenSchema, ({ tensors }) => Object.values(tensors), read, options);

/**
 * Makes the channels of the golden region, runs them, and measures how far channels and outputs lie from the reference. A NaN
 * anywhere fails, since Math.max keeps it and no comparison with it holds.
 * @returns largest differences found, in the units of the tolerance; errors of the run
 */
export async function checkVolumeGolden(
  runtime: VolumeRuntime,
  golden: VolumeGolden,
): Promise<Result<{ readonly withinTolerance: boolean; readonly worst: VolumeTolerance }>> {
  const { manifest } = runtime;
  const { tolerance } = manifest.golden;
  const input = goldenInput(golden, manifest);
  const answer = await runtime.look(input);
  if (!answer.ok) return answer;
  const { description } = golden;
  const { logits, presence, score } = answer.value;
  const { channels, mask_logits } = description.sampling;
  const { depth, size } = manifest.region;
  const stride = [mask_logits.stride, mask_logits.stride, mask_logits.stride];
  const above = logits.reduce((count, logit) => count + (logit > manifest.prompt.maskThreshold ? 1 : 0), 0);
  const worst: VolumeTolerance = {
    channel: largestDifference(
      floats(golden, 'channels'),
      volumeChannels(input, manifest.prior.reach),
      [manifest.channels.length, depth, size, size],
      channels.start,
      channels.stride,
    ),
    logit: largestDifference(floats(golden, 'mask_logits'), logits, [depth, size, size], mask_logits.start, stride),
    maskVoxels: Math.abs(above - description.maskVoxels),
    score: Math.max(
      largestDifference(floats(golden, 'slice_presence'), presence, [depth], [0], [1]),
      largestDifference(floats(golden, 'slice_score'), score, [depth], [0], [1]),
    ),
  };
  const withinTolerance =
    worst.channel <= tolerance.channel &&
    worst.logit <= tolerance.logit &&
    worst.maskVoxels <= tolerance.maskVoxels &&
    worst.score <= tolerance.score;
  return ok({ withinTolerance, worst });
}

function goldenInput(golden: VolumeGolden, manifest: VolumeManifest): VolumeInput {
  const { w, h, zoom, zoomZ } = golden.description.region;
  // A box of one pixel of w x h mm around the origin.
  const key = { k: 0, box: { x0: 0, y0: 0, x1: 0, y1: 0 } };
  const geometry = { positions: [0], columnSpacing: w, rowSpacing: h };
  const region = regionOf(key, geometry, manifest.region, { inPlane: zoom, along: zoomZ });
  const { tensors } = golden.description;
  const image = Float32Array.from(bytesOf(golden, tensors.image), (value) => value / 255);
  return { image, inside: Float32Array.from(bytesOf(golden, tensors.inside)), region, prompt: NO_PROMPT };
}

const floats = (golden: VolumeGolden, name: keyof Description['tensors']): Float32Array =>
  floatsOf(golden, golden.description.tensors[name]);

/** @param expected every stride-th value from `start` along each axis, row-major */
function largestDifference(
  expected: Float32Array,
  values: Float32Array,
  shape: readonly number[],
  start: readonly number[],
  stride: readonly number[],
): number {
  let next = 0;
  const visit = (axis: number, base: number): number => {
    if (axis === shape.length) return Math.abs(values[base]! - expected[next++]!);
    let worst = 0;
    for (let index = start[axis]!; index < shape[axis]!; index += stride[axis]!) {
      worst = Math.max(worst, visit(axis + 1, base * shape[axis]! + index));
    }
    return worst;
  };
  const worst = visit(0, 0);
  return next === expected.length ? worst : Number.NaN;
}
