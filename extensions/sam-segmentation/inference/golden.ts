import * as z from 'zod';
import { ok, type Result } from '#core/result.ts';
import { bytesOf, floatsOf, type GoldenFiles, type GoldenSection, readGoldenFiles } from './goldenFiles.ts';
import type { GoldenTolerance, ModelManifest } from './manifest.ts';
import type { DecodedMask } from './model.ts';
import type { ReadModelFile, ReadOptions } from './modelFiles.ts';
import type { SamRuntime } from './samRuntime.ts';
import { signatureOf } from './signature/signatureOf.ts';

const section = { offset: z.int().nonnegative(), bytes: z.int().positive() };
const sampled = z.object({
  ...section,
  dtype: z.literal('float32'),
  shape: z.array(z.int().positive()),
  start: z.int().nonnegative(),
  stride: z.int().positive(),
});
const goldenSchema = z.object({
  format: z.literal(1),
  reference: z.string(),
  image: z.object({ ...section, dtype: z.literal('uint8'), shape: z.tuple([z.int(), z.int()]) }),
  embedding: sampled,
  prompts: z
    .array(
      z.object({
        name: z.string(),
        points: z.array(z.object({ x: z.number(), y: z.number(), label: z.literal([0, 1, 2, 3]) })),
        maskFrom: z.int().nonnegative().optional(),
        score: z.number(),
        logits: sampled,
        mask: z.object({ ...section, dtype: z.literal('bit'), shape: z.tuple([z.int(), z.int()]) }),
      }),
    )
    .min(1),
});

type Description = z.infer<typeof goldenSchema>;

/** The golden input and the reference outputs of the PyTorch model. */
export type Golden = GoldenFiles<Description>;

const sectionsOf = ({ image, embedding, prompts }: Description): readonly GoldenSection[] => [
  image,
  embedding,
  ...prompts.flatMap(({ logits, mask }) => [logits, mask]),
];

/** Largest differences found, in the units of {@link GoldenTolerance}. */
export interface GoldenReport {
  readonly withinTolerance: boolean;
  readonly worst: GoldenTolerance;
  readonly encodeMilliseconds: number;
  readonly decodeMilliseconds: readonly number[];
}

/** `undefined` where the manifest names none. Errors: `model-hash-mismatch`, `model-golden-malformed`, and what `read` gives. */
export async function readGolden(
  manifest: ModelManifest,
  read: ReadModelFile,
  options: ReadOptions = {},
): Promise<Result<Golden | undefined>> {
  const files = manifest.golden;
  return files === undefined ? ok(undefined) : readGoldenFiles(files, goldenSchema, sectionsOf, read, options);
}

/**
 * Runs the golden input and every golden prompt, and measures how far the outputs lie from the reference. A NaN anywhere
 * fails, since Math.max keeps it and no comparison with it holds.
 */
export async function checkGolden(
  runtime: SamRuntime,
  golden: Golden,
  tolerance: GoldenTolerance,
): Promise<Result<GoldenReport>> {
  const { description } = golden;
  let start = performance.now();
  const embedding = await runtime.encode(goldenImage(golden, runtime.manifest.input.channels));
  if (!embedding.ok) return embedding;
  const main = embedding.value[signatureOf(runtime.manifest).embeddings[0]!.input]!;
  const encodeMilliseconds = performance.now() - start;
  const worst = { embedding: embeddingDifference(golden, main.data), logit: 0, maskPixels: 0, score: 0 };
  const decodeMilliseconds: number[] = [];
  const masks: DecodedMask[] = [];
  for (const prompt of description.prompts) {
    const previous = prompt.maskFrom === undefined ? undefined : masks[prompt.maskFrom];
    start = performance.now();
    const mask = await runtime.decode(embedding.value, {
      points: prompt.points,
      ...(previous === undefined ? {} : { maskInput: previous.logits }),
    });
    if (!mask.ok) return mask;
    decodeMilliseconds.push(performance.now() - start);
    masks.push(mask.value);
    worst.logit = Math.max(worst.logit, logitDifference(golden, prompt.logits, mask.value));
    worst.maskPixels = Math.max(worst.maskPixels, maskDifference(golden, prompt.mask, mask.value));
    worst.score = Math.max(worst.score, Math.abs(mask.value.score - prompt.score));
  }
  const withinTolerance =
    worst.embedding <= tolerance.embedding &&
    worst.logit <= tolerance.logit &&
    worst.maskPixels <= tolerance.maskPixels &&
    worst.score <= tolerance.score;
  return ok({ withinTolerance, worst, encodeMilliseconds, decodeMilliseconds });
}

/** Planar image in [0,1]: the stored bytes / 255, the same in each channel. */
function goldenImage(golden: Golden, channels: number): Float32Array {
  const plane = bytesOf(golden, golden.description.image);
  const image = new Float32Array(plane.length * channels);
  for (let index = 0; index < image.length; index++) image[index] = plane[index % plane.length]! / 255;
  return image;
}

/** The reference holds every stride-th column of every stride-th row of each plane, from `start`. */
function embeddingDifference(golden: Golden, values: Float32Array): number {
  const { embedding } = golden.description;
  const expected = floatsOf(golden, embedding);
  const [planes = 0, rows = 0, columns = 0] = embedding.shape;
  const side = Math.round(Math.sqrt(values.length / planes));
  let worst = 0;
  let index = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const y = embedding.start + row * embedding.stride;
        const x = embedding.start + column * embedding.stride;
        worst = Math.max(worst, Math.abs(values[(plane * side + y) * side + x]! - expected[index++]!));
      }
    }
  }
  return worst;
}

function logitDifference(golden: Golden, at: z.infer<typeof sampled>, mask: DecodedMask): number {
  const expected = floatsOf(golden, at);
  const [, columns = 0] = at.shape;
  return expected.reduce((worst, value, index) => {
    const y = at.start + Math.floor(index / columns) * at.stride;
    const x = at.start + (index % columns) * at.stride;
    return Math.max(worst, Math.abs(mask.logits[y * mask.width + x]! - value));
  }, 0);
}

function maskDifference({ data }: Golden, at: { offset: number }, mask: DecodedMask): number {
  return mask.logits.reduce((count, logit, index) => {
    const bit = (data[at.offset + (index >> 3)]! >> (7 - (index & 7))) & 1;
    return count + (bit === (logit > 0 ? 1 : 0) ? 0 : 1);
  }, 0);
}
