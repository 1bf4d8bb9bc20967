import * as z from 'zod';

const tensorName = z.string().min(1);

/**
 * How the two graphs of a Segment Anything model want to be fed and read. The exports that are in use differ in names, in
 * the number of axes of a prompt, in what of the encoder the decoder needs, and in how many masks come back; nothing else.
 */
export const samSignatureSchema = z.strictObject({
  image: tensorName.meta({ description: 'Input of the encoder.' }),
  layout: z
    .enum(['nchw', 'hwc'])
    .meta({ description: 'Axes of the image: [1,channels,rows,columns] or [rows,columns,channels].' }),
  embeddings: z
    .array(z.strictObject({ output: tensorName, input: tensorName }))
    .min(1)
    .meta({
      description: 'Outputs of the encoder and the inputs of the decoder they go to; the first is the image embedding.',
    }),
  coords: tensorName.meta({ description: 'Point coordinates, x then y.' }),
  labels: tensorName.meta({
    description: 'Labels of the points: 0 background, 1 foreground, 2 and 3 corners of a box, -1 padding.',
  }),
  labelType: z.enum(['float32', 'int64']),
  promptAxes: z.literal([3, 4]).meta({ description: 'Axes of the coordinates: [1,n,2] or [1,1,n,2].' }),
  pointsIn: z
    .enum(['input', 'output'])
    .meta({ description: 'Whether points are in px of the encoder input or of the mask.' }),
  padding: z.boolean().meta({ description: 'Whether a point (0, 0) with label -1 must follow where there is no box.' }),
  box: z.union([z.enum(['corners', 'points']), z.strictObject({ input: tensorName })]).meta({
    description: 'A box as two points labelled 2 and 3, as points on and off the object, or as an input [1,1,4].',
  }),
  mask: z
    .strictObject({ input: tensorName, given: tensorName })
    .optional()
    .meta({ description: 'Inputs for an earlier low-res mask [1,1,size,size] and for whether there is one.' }),
  originalSize: z
    .strictObject({ input: tensorName, type: z.enum(['float32', 'int64']) })
    .optional()
    .meta({ description: 'Input for the size of the mask wanted, rows then columns.' }),
  masks: tensorName.meta({ description: 'Output: logits of one or more masks as large as the manifest says.' }),
  scores: tensorName.meta({ description: 'Output: estimated overlap of each mask.' }),
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
