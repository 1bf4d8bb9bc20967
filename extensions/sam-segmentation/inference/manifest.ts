import * as z from 'zod';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { SAM_FAMILIES, samSignatureSchema } from './signature/samSignature.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
export const positiveInteger = z.int().positive();
/** Relative to the manifest, inside its folder: a manifest must not be able to make us read anything else. */
const path = z
  .string()
  .regex(
    /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/,
    'must be a relative path inside the model folder',
  );

export const file = z.strictObject({ path, sha256, bytes: positiveInteger });

/** An ONNX graph and where its weights are; each family adds the roles it knows. */
export const graphFile = z.strictObject({
  graph: file,
  weights: z
    .strictObject({
      ...file.shape,
      dtype: z.enum(['float16', 'float32']),
      location: z.string().min(1),
    })
    .optional(),
});

const modelFile = z.strictObject({ role: z.enum(['encoder', 'decoder']), ...graphFile.shape });

const window = z
  .strictObject({ kind: z.literal('window'), low: z.number(), high: z.number() })
  .refine((value) => value.low < value.high, { path: ['high'], message: 'must be greater than low' });
const percentile = z
  .strictObject({
    kind: z.literal('percentile'),
    low: z.number().min(0).max(100),
    high: z.number().min(0).max(100),
    of: z.enum(['all-voxels', 'non-zero-voxels']),
  })
  .refine((value) => value.low < value.high, { path: ['high'], message: 'must be greater than low' });
const intensityRecipe = z.discriminatedUnion('kind', [window, percentile]);

const golden = z.strictObject({
  description: file,
  data: file,
  tolerance: z.strictObject({
    embedding: z.number().positive(),
    logit: z.number().positive(),
    maskPixels: z.int().nonnegative(),
    score: z.number().positive(),
  }),
});

/** What a manifest of any family says of itself. What each field is for is told in manifestJsonSchema.ts, and in the JSON Schema. */
export const aboutModel = {
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
  name: z.string().min(1).max(64),
  version: z.string().min(1),
  licence: z.strictObject({ spdx: z.string().min(1), file: path }),
  source: z.strictObject({
    description: z.string().min(1),
    package: z.string().min(1).optional(),
    upstream: z.string().min(1).optional(),
    sha256: sha256.optional(),
  }),
};

/** How the model wants to see the values of each modality. */
export const intensity = z.strictObject({
  CT: intensityRecipe.optional(),
  MR: intensityRecipe.optional(),
  PT: intensityRecipe.optional(),
  other: intensityRecipe,
});

const common = {
  ...aboutModel,
  input: z.strictObject({
    size: positiveInteger,
    channels: positiveInteger,
    resize: z.literal('bilinear-pixel-centre'),
    padding: z.literal('zero'),
    range: z.tuple([z.number(), z.number()]),
    normalization: z
      .strictObject({ mean: z.array(z.number()).min(1), std: z.array(z.number().positive()).min(1) })
      .optional(),
  }),
  intensity,
  region: z.strictObject({
    factor: z.number().min(1),
  }),
  prompt: z.strictObject({
    kinds: z.array(z.enum(['box', 'point', 'mask'])).min(1),
    boxExpansion: z.number().min(0).max(1),
    maskThreshold: z.number(),
  }),
  files: z.array(modelFile).min(1),
  output: z.strictObject({ size: positiveInteger }),
};

const sam = z.strictObject({
  ...common,
  family: z.literal('sam'),
  golden,
  embedding: z.strictObject({ shape: z.array(positiveInteger).min(1) }),
  tensors: z.strictObject({
    image: z.string().min(1),
    imageEmbeddings: z.string().min(1),
    pointCoords: z.string().min(1),
    pointLabels: z.string().min(1),
    maskInput: z.string().min(1),
    hasMaskInput: z.string().min(1),
    lowResMasks: z.string().min(1),
    iouPredictions: z.string().min(1),
  }),
});

/** The exports in use: the family names their tensors, `signature` what is different in this one. */
const published = z.strictObject({
  ...common,
  family: z.enum(SAM_FAMILIES),
  signature: samSignatureSchema.partial().optional(),
  golden: golden.optional(),
});

/** Models that are prompted slice by slice, discriminated on `family`. */
export const manifestSchema = z.discriminatedUnion('family', [sam, published]).superRefine((value, context) => {
  const { channels, normalization } = value.input;
  if (normalization && (normalization.mean.length !== channels || normalization.std.length !== channels)) {
    context.addIssue({
      code: 'custom',
      path: ['input', 'normalization'],
      message: `must have ${channels} means and deviations`,
    });
  }
  for (const role of ['encoder', 'decoder'] as const) {
    const count = value.files.filter((entry) => entry.role === role).length;
    if (count !== 1) {
      context.addIssue({ code: 'custom', path: ['files'], message: `must name exactly one ${role}, not ${count}` });
    }
  }
});

export type ModelManifest = Readonly<z.infer<typeof manifestSchema>>;
export type ModelFile = ModelManifest['files'][number];
export type ModelRole = ModelFile['role'];
export type FileEntry = z.infer<typeof file>;
export type GoldenTolerance = z.infer<typeof golden>['tolerance'];

/**
 * @param text the contents of a manifest.json
 * @param origin how to call the file in a message, e.g. `models/litemedsam/manifest.json`
 * @returns `model-manifest-malformed` naming every field that is wrong
 */
export const parseManifest = (text: string, origin: string): Result<ModelManifest> =>
  parseWith(manifestSchema, text, origin);

/** The same for a schema of the caller's choice. */
export function parseWith<T>(schema: z.ZodType<T>, text: string, origin: string): Result<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return err(malformed(origin, 'it is not JSON', cause));
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const fields = parsed.error.issues.map((issue) => `${fieldName(issue)}: ${issue.message}`);
  return err(malformed(origin, fields.join('; ')));
}

const malformed = (origin: string, what: string, cause?: unknown): AppError =>
  appError('model-manifest-malformed', `${origin} is not a usable model manifest: ${what}.`, {
    remedy: 'Correct the named fields; models/manifest.schema.json describes each.',
    context: { file: origin },
    ...(cause === undefined ? {} : { cause }),
  });

function fieldName(issue: z.core.$ZodIssue): string {
  const at = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const keys = issue.code === 'unrecognized_keys' ? `.${issue.keys.join(', .')}` : '';
  return `${at}${keys}`.replace(/^\./, '') || 'the document';
}
