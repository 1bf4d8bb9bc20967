import * as z from 'zod';
import type { Result } from '#core/result.ts';
import { aboutModel, file, graphFile, intensity, parseWith, positiveInteger } from './manifest.ts';

/** The channels that exist, in the order in which a model may want them. */
const CHANNELS = ['image', 'relative', 'likelihood', 'box', 'prior', 'range', 'mask', 'inside'] as const;

const tolerance = z.strictObject({
  channel: z.number().positive(),
  logit: z.number().positive(),
  maskVoxels: z.int().nonnegative(),
  score: z.number().positive(),
});

const region = z.strictObject({
  depth: positiveInteger,
  size: positiveInteger,
  keySample: z.int().nonnegative(),
  sidePerLongerBoxSide: z.number().min(1),
  halfDepthPerHalfBox: z.number().positive(),
  zoomStep: z.number().gt(1),
  zoomRounds: positiveInteger,
  pooling: z.strictObject({
    largestFactor: positiveInteger,
  }),
});

const combination = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('volume') }),
  z.strictObject({
    rule: z.enum(['prompted', 'mean-logits']),
    below: z.number().min(0).max(1),
    atMost: positiveInteger,
  }),
]);

const boxed = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('prompted') }),
  z.strictObject({
    rule: z.literal('mean-logits'),
    with: z.string().min(1),
    promptedPerLogit: z.number().positive(),
  }),
]);

export const volumeManifestSchema = z
  .strictObject({
    ...aboutModel,
    family: z.literal('volume'),
    intensity,
    region,
    channels: z.array(z.enum(CHANNELS)).min(1),
    prior: z.strictObject({
      reach: z.number().positive(),
    }),
    prompt: z.strictObject({
      kinds: z.array(z.enum(['box', 'range', 'boxes', 'masks', 'points'])).min(1),
      maskThreshold: z.number(),
    }),
    averaging: z.enum(['point-mirror']).optional(),
    registered: z.strictObject({ leastScore: z.number().min(0).max(1) }).optional(),
    combination,
    boxed: boxed.optional(),
    tensors: z.strictObject({
      channels: z.string().min(1),
      maskLogits: z.string().min(1),
      slicePresence: z.string().min(1),
      sliceScore: z.string().min(1),
    }),
    files: z.tuple([z.strictObject({ role: z.literal('volume'), ...graphFile.shape })]),
    golden: z.strictObject({ description: file, data: file, tolerance }),
  })
  .refine(({ region: { keySample, depth } }) => keySample < depth, {
    path: ['region', 'keySample'],
    message: 'must be one of the samples',
  })
  .refine(({ averaging, region: { keySample, depth } }) => averaging === undefined || 2 * keySample === depth, {
    path: ['averaging'],
    message: 'needs the key sample in the middle',
  })
  .refine(({ channels }) => channels.join() === CHANNELS.join(), {
    path: ['channels'],
    message: `must be ${CHANNELS.join(', ')}, in this order`,
  });

/** A model that takes a box-normalised region with the reader's prompts as channels, and gives the whole lesion in one run. */
export type VolumeManifest = Readonly<z.infer<typeof volumeManifestSchema>>;
export type VolumeTolerance = z.infer<typeof tolerance>;
/** As `parseManifest`, for family `volume`. Error: `model-manifest-malformed`. */
export const parseVolumeManifest = (text: string, origin: string): Result<VolumeManifest> =>
  parseWith(volumeManifestSchema, text, origin);
