import { type AppError, appError } from '#core/errors.ts';
import type { ModelManifest, ModelRole } from '../inference/manifest.ts';
import { namesOf } from '../inference/signature/feedsOf.ts';
import { signatureOf } from '../inference/signature/signatureOf.ts';
import type { OnnxGraph, OnnxValue } from './onnxGraph.ts';

/**
 * Whether a graph is what the manifest says: every tensor by its name, the image's size. What only a run can tell is left to
 * the self-test.
 * @param file how to call the graph in a message
 * @returns `model-signature-mismatch`, naming what is missing and what is there
 */
export function checkGraph(
  manifest: ModelManifest,
  role: ModelRole,
  graph: OnnxGraph,
  file: string,
): AppError | undefined {
  const signature = signatureOf(manifest);
  const wanted = namesOf(signature)[role];
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.outputs.map(({ name }) => name);
  const problems = [
    ...missing(wanted.inputs, inputs).map((name) => `it has no input ${quoted(name)}`),
    ...missing(inputs, wanted.inputs).map((name) => `its input ${quoted(name)} is not fed by this signature`),
    ...missing(wanted.outputs, outputs).map((name) => `it has no output ${quoted(name)}`),
  ];
  const image = graph.inputs.find(({ name }) => role === 'encoder' && name === signature.image);
  if (image !== undefined) problems.push(...imageProblems(manifest, signature.layout, image));
  if (problems.length === 0) return undefined;
  return appError(
    'model-signature-mismatch',
    `${file} is not the ${role} of a "${manifest.family}" model: ${problems.slice(0, 4).join('; ')}.`,
    {
      remedy: `Give the family that fits this export, or say under "signature" what is different in it (models/README.md).`,
      cause: `inputs ${list(inputs)}; outputs ${list(outputs)}`,
      context: { file, family: manifest.family },
    },
  );
}

function imageProblems({ input }: ModelManifest, layout: 'nchw' | 'hwc', { dims }: OnnxValue): readonly string[] {
  if (dims === undefined) return [];
  const wanted =
    layout === 'hwc' ? [input.size, input.size, input.channels] : [1, input.channels, input.size, input.size];
  const fits =
    dims.length === wanted.length &&
    dims.every((axis, index) => axis === undefined || axis === 0 || axis === wanted[index]);
  return fits ? [] : [`its image is ${shape(dims)} and not ${shape(wanted)}`];
}

const missing = (wanted: readonly string[], there: readonly string[]): readonly string[] =>
  wanted.filter((name) => !there.includes(name));

/** Names come from a file that nobody has looked at yet. */
const quoted = (name: string): string => `"${name.length > 48 ? `${name.slice(0, 48)}…` : name}"`;
const list = (names: readonly string[]): string => names.slice(0, 12).map(quoted).join(', ') || 'none';
const shape = (dims: readonly (number | undefined)[]): string => dims.map((axis) => axis ?? 'any').join(' x ');
