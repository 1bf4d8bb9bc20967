import * as z from 'zod';

const tensorName = z.string().min(1);

/**
 * How the two graphs of a Segment Anything model want to be fed and read. The exports that are in use differ in names, in
 * the number of axes of a prompt, in what of the encoder the decoder needs, and in how many masks come back; nothing else.
 */
export const samSignatureSchema = z.strictObject({
  image: tensorName,
  layout: z.enum(['nchw', 'hwc']),
  embeddings: z.array(z.strictObject({ output: tensorName, input: tensorName })).min(1),
  coords: tensorName,
  labels: tensorName,
  labelType: z.enum(['float32', 'int64']),
  promptAxes: z.literal([3, 4]),
  pointsIn: z.enum(['input', 'output']),
  padding: z.boolean(),
  box: z.union([z.enum(['corners', 'points']), z.strictObject({ input: tensorName })]),
  mask: z.strictObject({ input: tensorName, given: tensorName }).optional(),
  originalSize: z.strictObject({ input: tensorName, type: z.enum(['float32', 'int64']) }).optional(),
  masks: tensorName,
  scores: tensorName,
});

export type SamSignature = Readonly<z.infer<typeof samSignatureSchema>>;

const meta: SamSignature = {
  image: 'image',
  layout: 'nchw',
  embeddings: [{ output: 'image_embeddings', input: 'image_embeddings' }],
  coords: 'point_coords',
  labels: 'point_labels',
  labelType: 'float32',
  promptAxes: 3,
  pointsIn: 'input',
  padding: true,
  box: 'corners',
  mask: { input: 'mask_input', given: 'has_mask_input' },
  originalSize: { input: 'orig_im_size', type: 'float32' },
  masks: 'low_res_masks',
  scores: 'iou_predictions',
};

const { mask: _mask, originalSize: _originalSize, ...pointsOnly } = meta;

/**
 * The exports in use, by family. Sources: `meta-sam` facebookresearch/segment-anything scripts/export_onnx_model.py (SAM ViT-B/L/H,
 * MobileSAM, MedSAM); `edge-sam` chongzhou96/EdgeSAM scripts/export_onnx_model.py; `efficient-sam` yformer/EfficientSAM
 * export_to_onnx.py; `transformers-sam` huggingface/transformers.js SamModel (SlimSAM); `sam2` vietanhdev/samexporter and
 * the exports of SAM 2 and MedSAM2 made in its way.
 */
export const SAM_SIGNATURES = {
  'meta-sam': meta,
  'edge-sam': { ...pointsOnly, padding: false, masks: 'masks', scores: 'scores' },
  'efficient-sam': {
    ...pointsOnly,
    image: 'batched_images',
    coords: 'batched_point_coords',
    labels: 'batched_point_labels',
    promptAxes: 4,
    pointsIn: 'output',
    padding: false,
    originalSize: { input: 'orig_im_size', type: 'int64' },
    masks: 'output_masks',
  },
  'transformers-sam': {
    ...pointsOnly,
    image: 'pixel_values',
    embeddings: [
      { output: 'image_embeddings', input: 'image_embeddings' },
      { output: 'image_positional_embeddings', input: 'image_positional_embeddings' },
    ],
    coords: 'input_points',
    labels: 'input_labels',
    labelType: 'int64',
    promptAxes: 4,
    padding: false,
    box: 'points',
    masks: 'pred_masks',
    scores: 'iou_scores',
  },
  sam2: {
    ...pointsOnly,
    embeddings: [
      { output: 'image_embed', input: 'image_embed' },
      { output: 'high_res_feats_0', input: 'high_res_feats_0' },
      { output: 'high_res_feats_1', input: 'high_res_feats_1' },
    ],
    padding: false,
    mask: { input: 'mask_input', given: 'has_mask_input' },
    masks: 'masks',
  },
} as const satisfies Readonly<Record<string, SamSignature>>;

export type SamFamily = keyof typeof SAM_SIGNATURES;
export const SAM_FAMILIES = [
  'meta-sam',
  'edge-sam',
  'efficient-sam',
  'transformers-sam',
  'sam2',
] as const satisfies readonly SamFamily[];
