import * as z from 'zod';
import { isRecord } from '#core/isRecord.ts';
import { manifestSchema } from './manifest.ts';
import { volumeManifestSchema } from './volumeManifest.ts';

/** What a field is for, by its path, for editors and for people who write a manifest. No page carries these texts. */
const GRAPH = {
  'files.graph': 'ONNX graph; its large weights are external data.',
  'files.weights.location':
    'The external_data location that the graph names. Offsets there count the expanded float32 bytes.',
};

const PROMPTED = {
  ...GRAPH,
  golden: 'Other families than sam: without it the self-check is a disc that the model must find.',
  'golden.tolerance.embedding': 'Largest absolute difference of a sampled embedding value.',
  'golden.tolerance.logit': 'Largest absolute difference of a sampled logit.',
  'golden.tolerance.maskPixels': 'Pixels of one mask (logits > 0) that may differ.',
  'golden.tolerance.score': 'Largest absolute difference of the predicted overlap.',
  'input.size': 'Width and height of the encoder frame, px.',
  'input.padding': 'What lies outside the image.',
  'input.range': 'Where the intensity recipe maps low and high.',
  'input.normalization': 'Per channel, after the range: (value - mean) / std.',
  'region.factor': 'Side of the square encoded, in units of the longer box side.',
  'prompt.boxExpansion': 'Growth of the box, as a part of its width and height.',
  'prompt.maskThreshold': 'A pixel belongs to the mask where its logit is above this.',
  'signature.image': 'Input of the encoder.',
  'signature.layout': 'Axes of the image: [1,channels,rows,columns] or [rows,columns,channels].',
  'signature.embeddings':
    'Outputs of the encoder and the inputs of the decoder they go to; the first is the image embedding.',
  'signature.coords': 'Point coordinates, x then y.',
  'signature.labels': 'Labels of the points: 0 background, 1 foreground, 2 and 3 corners of a box, -1 padding.',
  'signature.promptAxes': 'Axes of the coordinates: [1,n,2] or [1,1,n,2].',
  'signature.pointsIn': 'Whether points are in px of the encoder input or of the mask.',
  'signature.padding': 'Whether a point (0, 0) with label -1 must follow where there is no box.',
  'signature.box': 'A box as two points labelled 2 and 3, as points on and off the object, or as an input [1,1,4].',
  'signature.mask': 'Inputs for an earlier low-res mask [1,1,size,size] and for whether there is one.',
  'signature.originalSize': 'Input for the size of the mask wanted, rows then columns.',
  'signature.masks': 'Output: logits of one or more masks as large as the manifest says.',
  'signature.scores': 'Output: estimated overlap of each mask.',
  'output.size': 'Width and height of the low-res mask, px.',
};

const VOLUME = {
  ...GRAPH,
  'golden.tolerance.channel': 'Largest absolute difference of a sampled channel value.',
  'golden.tolerance.logit': 'Largest absolute difference of a sampled logit.',
  'golden.tolerance.maskVoxels': 'Voxels of the region above the threshold: by how many the count may differ.',
  'golden.tolerance.score': 'Largest absolute difference of a presence or score.',
  'region.depth': 'Samples along the stack normal.',
  'region.size': 'Cells along each side of the square in plane.',
  'region.keySample': 'The sample that is the key slice.',
  'region.sidePerLongerBoxSide': 'Side of the square, in units of the longer box side.',
  'region.halfDepthPerHalfBox': 'Reach along the normal to either side, in half box sizes: sqrt(w h) / 2, mm.',
  'region.zoomStep': 'Growth of the region where the mask touches its border.',
  'region.zoomRounds': 'Most runs, the first included.',
  'region.pooling.largestFactor': 'Most pixels along a side that are averaged into one.',
  averaging:
    'point-mirror: the region is run a second time, mirrored along all three axes, and the answers are averaged. Left out: it is run once.',
  registered:
    'Other series of the study, in the same frame of reference and with parallel slices, have a say: the answers for all series are averaged. Left out: only the series that is segmented is looked at.',
  'registered.leastScore':
    'A series counts where its expected Dice (slice scores weighted by the area of its mask) reaches this.',
  combination:
    "What becomes of doubtful slices. volume: nothing. prompted: the mask that the promptable model makes of the box of this model's mask. mean-logits: the mean of both models' logits.",
  'combination.below': 'Slices are looked at again whose score is below this.',
  'combination.atMost': 'Most slices that are looked at again, the lowest scores first.',
  boxed:
    "What becomes of a slice that the reader has boxed, and where no point was set. prompted, and where this is left out: the promptable model's mask. mean-logits: the mean of both models' logits.",
  'boxed.with': 'Id of the promptable model for which this was measured; with any other it is as for prompted.',
  'boxed.promptedPerLogit': "How much of the promptable model's logit counts as 1 of this model's.",
  'prior.reach': 'Half axis of the expected ellipsoid along the normal, in half box sizes.',
  'prompt.maskThreshold': 'A voxel belongs to the mask where its logit is above this.',
};

/** JSON Schema of a manifest of any family: models/manifest.schema.json. Throws where a text belongs to no field. */
export function manifestJsonSchema(): unknown {
  const prompted = described(z.toJSONSchema(manifestSchema), PROMPTED);
  const volume = described(z.toJSONSchema(volumeManifestSchema), VOLUME);
  const { $schema, ...families } = prompted;
  const { $schema: _, ...other } = volume;
  return { $schema, oneOf: [families, other] };
}

function described(schema: object, texts: Readonly<Record<string, string>>): Record<string, unknown> {
  const left = new Set(Object.keys(texts));
  const walk = (node: unknown, path: string): unknown => {
    if (Array.isArray(node)) return node.map((each) => walk(each, path));
    if (!isRecord(node)) return node;
    const inner = Object.entries(node).map(([key, value]): [string, unknown] => {
      if (key !== 'properties' || !isRecord(value)) return [key, walk(value, path)];
      const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
        const at = path === '' ? name : `${path}.${name}`;
        const text = texts[at];
        left.delete(at);
        const walked = walk(field, at);
        return [name, text === undefined || !isRecord(walked) ? walked : { ...walked, description: text }];
      });
      return [key, Object.fromEntries(fields)];
    });
    return Object.fromEntries(inner);
  };
  const walked = walk(schema, '') as Record<string, unknown>;
  if (left.size > 0) throw new Error(`no such field: ${[...left].join(', ')}`);
  return walked;
}
