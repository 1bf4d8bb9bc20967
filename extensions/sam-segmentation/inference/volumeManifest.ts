import * as z from 'zod';
import type { Result } from '#core/result.ts';
import { aboutModel, file, graphFile, intensity, manifestSchema, parseWith, positiveInteger } from './manifest.ts';

/** The channels that exist, in the order in which a model may want them. */
const CHANNELS = ['image', 'relative', 'likelihood', 'box', 'prior', 'range', 'mask', 'inside'] as const;

const tolerance = z.strictObject({
  channel: z.number().positive().meta({ description: 'Largest absolute difference of a sampled channel value.' }),
  logit: z.number().positive().meta({ description: 'Largest absolute difference of a sampled logit.' }),
  maskVoxels: z
    .int()
    .nonnegative()
    .meta({ description: 'Voxels of the region above the threshold: by how many the count may differ.' }),
  score: z.number().positive().meta({ description: 'Largest absolute difference of a presence or score.' }),
});

const region = z.strictObject({
  depth: positiveInteger.meta({ description: 'Samples along the stack normal.' }),
  size: positiveInteger.meta({ description: 'Cells along each side of the square in plane.' }),
  keySample: z.int().nonnegative().meta({ description: 'The sample that is the key slice.' }),
  sidePerLongerBoxSide: z.number().min(1).meta({ description: 'Side of the square, in units of the longer box side.' }),
  halfDepthPerHalfBox: z
    .number()
    .positive()
    .meta({ description: 'Reach along the normal to either side, in half box sizes: sqrt(w h) / 2, mm.' }),
  zoomStep: z.number().gt(1).meta({ description: 'Growth of the region where the mask touches its border.' }),
  zoomRounds: positiveInteger.meta({ description: 'Most runs, the first included.' }),
  pooling: z.strictObject({
    largestFactor: positiveInteger.meta({ description: 'Most pixels along a side that are averaged into one.' }),
  }),
});

const combination = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('volume') }),
    z.strictObject({
      rule: z.enum(['prompted', 'mean-logits']),
      below: z.number().min(0).max(1).meta({ description: 'Slices are looked at again whose score is below this.' }),
      atMost: positiveInteger.meta({ description: 'Most slices that are looked at again, the lowest scores first.' }),
    }),
  ])
  .meta({
    description:
      'What becomes of doubtful slices. volume: nothing. prompted: the mask that the promptable model makes of the box of this ' +
      "model's mask. mean-logits: the mean of both models' logits.",
  });

const boxed = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('prompted') }),
    z.strictObject({
      rule: z.literal('mean-logits'),
      promptedPerLogit: z
        .number()
        .positive()
        .meta({ description: "How much of the promptable model's logit counts as 1 of this model's." }),
    }),
  ])
  .meta({
    description:
      'What becomes of a slice that the reader has boxed, and where no point was set. prompted, and where this is left out: the ' +
      "promptable model's mask. mean-logits: the mean of both models' logits.",
  });

const schema = z
  .strictObject({
    ...aboutModel,
    family: z.literal('volume'),
    intensity,
    region,
    channels: z.array(z.enum(CHANNELS)).min(1),
    prior: z.strictObject({
      reach: z
        .number()
        .positive()
        .meta({ description: 'Half axis of the expected ellipsoid along the normal, in half box sizes.' }),
    }),
    prompt: z.strictObject({
      kinds: z.array(z.enum(['box', 'range', 'boxes', 'masks', 'points'])).min(1),
      maskThreshold: z.number().meta({ description: 'A voxel belongs to the mask where its logit is above this.' }),
    }),
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
  .refine(({ channels }) => channels.join() === CHANNELS.join(), {
    path: ['channels'],
    message: `must be ${CHANNELS.join(', ')}, in this order`,
  });

/** A model that takes a box-normalised region with the reader's prompts as channels, and gives the whole lesion in one run. */
export type VolumeManifest = Readonly<z.infer<typeof schema>>;
export type VolumeTolerance = z.infer<typeof tolerance>;
/** As `parseManifest`, for family `volume`. Error: `model-manifest-malformed`. */
export const parseVolumeManifest = (text: string, origin: string): Result<VolumeManifest> =>
  parseWith(schema, text, origin);

/** JSON Schema of a manifest of any family, for editors and for people who write their own: models/manifest.schema.json. */
export const manifestJsonSchema = (): unknown =>
  z.toJSONSchema(z.discriminatedUnion('family', [manifestSchema, schema]));
