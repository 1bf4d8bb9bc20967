import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { namesOf } from '../inference/signature/feedsOf.ts';
import {
  SAM_FAMILIES,
  SAM_SIGNATURES,
  type SamFamily,
  type SamSignature,
} from '../inference/signature/samSignature.ts';
import { ONNX_FLOAT, ONNX_INT64, type OnnxGraph, type OnnxValue } from './onnxGraph.ts';

/** A graph of a folder. */
export interface FoundGraph {
  readonly path: string;
  readonly graph: OnnxGraph;
}

/** What two graphs say of the model that they are; what is undefined they do not say. */
export interface Recognised {
  readonly family: SamFamily;
  /** What this export has otherwise than its family. */
  readonly signature: Partial<SamSignature>;
  readonly encoder: FoundGraph;
  readonly decoder: FoundGraph;
  readonly inputSize: number | undefined;
  readonly outputSize: number | undefined;
}

/**
 * Finds the encoder and the decoder among the graphs of a folder that has no manifest, by the names of their tensors.
 * @returns `model-not-recognised` where none fit each other, or more than one pair does
 */
export function recognise(graphs: readonly FoundGraph[]): Result<Recognised> {
  const pairs = graphs.flatMap((decoder) =>
    SAM_FAMILIES.flatMap((family) => {
      const ofDecoder = decoderSignature(family, decoder.graph);
      if (ofDecoder === undefined) return [];
      return graphs.flatMap((encoder) => {
        const ofEncoder = encoder === decoder ? undefined : encoderSignature(family, encoder.graph);
        if (ofEncoder === undefined) return [];
        const signature = { ...ofEncoder, ...ofDecoder };
        return [{ family, signature, encoder, decoder, ...sizesOf(encoder.graph, decoder.graph, family) }];
      });
    }),
  );
  const [pair, other] = pairs;
  if (pair === undefined) return unknown(graphs);
  if (other !== undefined) return ambiguous(pairs);
  return ok(pair);
}

function decoderSignature(family: SamFamily, { inputs, outputs }: OnnxGraph): Partial<SamSignature> | undefined {
  const usual: SamSignature = SAM_SIGNATURES[family];
  const names = new Set(inputs.map(({ name }) => name));
  const labels = inputs.find(({ name }) => name === usual.labels);
  const coords = inputs.find(({ name }) => name === usual.coords);
  const size = inputs.find(({ name }) => name === 'orig_im_size');
  const different: Partial<SamSignature> = {
    ...(names.has('input_boxes') ? { box: { input: 'input_boxes' } } : {}),
    ...(usual.mask === undefined && names.has('mask_input') && names.has('has_mask_input')
      ? { mask: { input: 'mask_input', given: 'has_mask_input' } }
      : {}),
    ...(size === undefined || sameType(usual.originalSize?.type, size)
      ? {}
      : { originalSize: { input: size.name, type: typeOf(size) } }),
    ...(labels === undefined || sameType(usual.labelType, labels) ? {} : { labelType: typeOf(labels) }),
    ...(coords?.dims?.length === 3 && usual.promptAxes !== 3 ? { promptAxes: 3 } : {}),
    ...(coords?.dims?.length === 4 && usual.promptAxes !== 4 ? { promptAxes: 4 } : {}),
  };
  const wanted = namesOf({ ...usual, ...different }).decoder;
  const fits =
    wanted.inputs.length === names.size &&
    wanted.inputs.every((name) => names.has(name)) &&
    wanted.outputs.every((name) => outputs.some((output) => output.name === name));
  return fits ? different : undefined;
}

const typeOf = ({ type }: OnnxValue): 'float32' | 'int64' => (type === ONNX_INT64 ? 'int64' : 'float32');
const sameType = (usual: 'float32' | 'int64' | undefined, value: OnnxValue): boolean =>
  usual === undefined ? false : value.type !== ONNX_FLOAT && value.type !== ONNX_INT64 ? true : usual === typeOf(value);

function encoderSignature(family: SamFamily, { inputs, outputs }: OnnxGraph): Partial<SamSignature> | undefined {
  const usual: SamSignature = SAM_SIGNATURES[family];
  const [image, second] = inputs;
  const rank = image?.dims?.length;
  if (image === undefined || second !== undefined || (rank !== 3 && rank !== 4)) return undefined;
  if (!usual.embeddings.every(({ output }) => outputs.some(({ name }) => name === output))) return undefined;
  return {
    ...(image.name === usual.image ? {} : { image: image.name }),
    ...(rank === 3 ? { layout: 'hwc' as const } : {}),
  };
}

function sizesOf(encoder: OnnxGraph, decoder: OnnxGraph, family: SamFamily) {
  const image = encoder.inputs[0]?.dims ?? [];
  // Channels may stand first or last; rows are never three.
  const inputSize = image.filter((axis) => axis !== undefined && axis > 4).at(-1);
  const { masks, mask } = SAM_SIGNATURES[family] as SamSignature;
  const given = decoder.inputs.find(({ name }) => name === mask?.input)?.dims?.at(-1);
  const outputSize = given ?? decoder.outputs.find(({ name }) => name === masks)?.dims?.at(-1);
  return { inputSize, outputSize: outputSize === 0 ? undefined : outputSize };
}

const refusal = (message: string, remedy: string, cause: string) =>
  err(appError('model-not-recognised', message, { remedy, cause }));

function unknown(graphs: readonly FoundGraph[]) {
  const seen = graphs.map(({ path, graph }) => {
    const names = (values: readonly OnnxValue[]): string =>
      values
        .map(({ name }) => name.slice(0, 48))
        .slice(0, 12)
        .join(', ');
    return `${path}: ${names(graph.inputs)} → ${names(graph.outputs)}`;
  });
  return refusal(
    graphs.length === 0
      ? 'The folder holds neither a manifest.json nor an ONNX graph.'
      : 'The folder has no manifest.json, and its graphs are not those of a Segment Anything export that is known.',
    'Choose the folder that holds manifest.json, or write one for this export (models/README.md).',
    seen.join('; '),
  );
}

function ambiguous(pairs: readonly Recognised[]) {
  const seen = [...new Set(pairs.flatMap(({ encoder, decoder }) => [encoder.path, decoder.path]))].join(', ');
  return refusal(
    'The folder has no manifest.json, and more than one pair of its graphs would do.',
    'Leave one encoder and one decoder in the folder, or write a manifest.json that names them.',
    seen,
  );
}
