import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { type FileEntry, type ModelManifest, parseManifest } from '../inference/manifest.ts';
import type { ReadOptions } from '../inference/modelFiles.ts';
import { sha256Hex } from '../inference/sha256.ts';
import type { DiskFolder } from './diskFolder.ts';
import { fileMissing } from './failures.ts';
import { LARGEST_LICENCE, MANIFEST, type ModelFolder } from './modelFolder.ts';
import { readOnnxGraph } from './onnxGraph.ts';
import { CT_WINDOWS, type CtWindow, PIXEL_RECIPES, type PixelRecipe, usualRecipe } from './pixelRecipes.ts';
import { type Recognised, recognise } from './recognise.ts';

/** What graphs do not say of themselves, and nobody but the reader can. */
export interface DraftAnswers {
  readonly name: string;
  /** Undefined until the reader has chosen. */
  readonly pixels: PixelRecipe | undefined;
  readonly ctWindow: CtWindow;
  readonly inputSize: number;
  readonly outputSize: number;
  /** SPDX id, or the name that the licence gives itself. */
  readonly licence: string;
  readonly licenceText: string;
}

/** A folder of graphs that a known family fits. */
export interface Draft {
  readonly recognised: Recognised;
  readonly files: ModelManifest['files'];
  /** Where each of the files lies in the folder: names there may be such as no manifest can have. */
  readonly places: ReadonlyMap<string, string>;
  /** What is known, and what is usual for the rest. */
  readonly proposed: DraftAnswers;
}

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(txt|md))?$/i;
const LARGEST_GRAPH = 2 ** 32;

/**
 * Looks at every ONNX file of a folder without a manifest.
 * Errors: `model-not-recognised`, `not-onnx`, `model-file-unreadable`, `cancelled`.
 */
export async function draftOf(folder: DiskFolder, options: ReadOptions = {}): Promise<Result<Draft>> {
  const graphs = [];
  const entries = new Map<string, FileEntry>();
  const entryOf = async (path: string): Promise<Result<{ entry: FileEntry; bytes: Uint8Array<ArrayBuffer> }>> => {
    const bytes = folder.size(path);
    if (bytes === undefined) return err(fileMissing(path));
    const read = await folder.read({ path, bytes, sha256: '' }, options);
    if (!read.ok) return read;
    return ok({ entry: { path, bytes, sha256: await sha256Hex(read.value) }, bytes: read.value });
  };
  const paths = folder.paths.filter((path) => /\.onnx$/i.test(path) && (folder.size(path) ?? 0) < LARGEST_GRAPH);
  for (const path of paths) {
    const read = await entryOf(path);
    if (!read.ok) return read;
    const graph = readOnnxGraph(read.value.bytes, path);
    if (!graph.ok) return graph;
    graphs.push({ path, graph: graph.value });
    entries.set(path, read.value.entry);
  }
  const recognised = recognise(graphs);
  if (!recognised.ok) return recognised;

  const files: ModelManifest['files'] = [];
  const places = new Map<string, string>();
  const named = (name: string, { path, ...entry }: FileEntry): FileEntry => {
    places.set(name, path);
    return { path: name, ...entry };
  };
  for (const role of ['encoder', 'decoder'] as const) {
    const { path, graph } = recognised.value[role];
    const [location, second] = graph.weightFiles;
    if (second !== undefined) return severalWeights(path);
    const graphEntry = named(`${role}.onnx`, entries.get(path)!);
    if (location === undefined) {
      files.push({ role, graph: graphEntry });
      continue;
    }
    // Beside the graph, as ONNX has it.
    const weights = await entryOf(`${path.slice(0, path.lastIndexOf('/') + 1)}${location.replace(/^\.\//, '')}`);
    if (!weights.ok) return weights;
    files.push({
      role,
      graph: graphEntry,
      weights: { ...named(`${role}.bin`, weights.value.entry), dtype: 'float32', location },
    });
  }
  const licence = folder.paths.find((path) => LICENCE_FILE.test(path));
  const text = licence === undefined ? ok('') : await folder.text(licence, LARGEST_LICENCE, options);
  const { family, signature, inputSize, outputSize } = recognised.value;
  return ok({
    recognised: recognised.value,
    files,
    places,
    proposed: {
      name: folder.origin.name.slice(0, 64),
      pixels: usualRecipe(family, signature.layout === 'hwc'),
      ctWindow: 'soft-tissue',
      inputSize: inputSize ?? 1024,
      outputSize: outputSize ?? 256,
      licence: '',
      licenceText: text.ok ? text.value : '',
    },
  });
}

const severalWeights = (path: string) =>
  err(
    appError('model-not-recognised', `${path} keeps its weights in more than one file.`, {
      remedy: 'Save the graph with its weights inside, or in one file beside it.',
      context: { file: path },
    }),
  );

/** The manifest as it would stand in the folder. Errors: `model-draft-incomplete`, `model-manifest-malformed`. */
export function drafted({ recognised, files }: Draft, answers: DraftAnswers): Result<string> {
  const name = answers.name.trim();
  const pixels = answers.pixels === undefined ? undefined : PIXEL_RECIPES[answers.pixels];
  if (name === '' || answers.licence.trim() === '' || pixels === undefined) {
    return err(
      appError('model-draft-incomplete', 'The name, the licence and the values that the model expects are needed.'),
    );
  }
  const mask =
    recognised.signature.mask !== undefined ||
    recognised.decoder.graph.inputs.some(({ name }) => name === 'mask_input');
  const others = { kind: 'percentile', low: 0.5, high: 99.5, of: 'non-zero-voxels' };
  const { low, high } = CT_WINDOWS[answers.ctWindow];
  const text = JSON.stringify(
    {
      id: idOf(name),
      name,
      version: '1',
      family: recognised.family,
      licence: { spdx: answers.licence.trim(), file: 'LICENSE' },
      source: { description: 'Added from a folder without a manifest; its values were given by the reader.' },
      input: {
        size: answers.inputSize,
        channels: 3,
        resize: 'bilinear-pixel-centre',
        padding: 'zero',
        ...pixels,
      },
      intensity: { CT: { kind: 'window', low, high }, other: others },
      region: { factor: 2 },
      prompt: { kinds: ['box', 'point', ...(mask ? ['mask'] : [])], boxExpansion: 0, maskThreshold: 0 },
      output: { size: answers.outputSize },
      ...(Object.keys(recognised.signature).length === 0 ? {} : { signature: recognised.signature }),
      files,
    },
    undefined,
    2,
  );
  const parsed = parseManifest(text, MANIFEST);
  return parsed.ok ? ok(text) : parsed;
}

/** Letters and digits of the name, as ids have them. */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'model';

/** The folder as the drafted manifest describes it. */
export const draftedFolder = (folder: DiskFolder, { places }: Draft): ModelFolder => ({
  ...folder,
  read: (entry, options) => folder.read({ ...entry, path: places.get(entry.path) ?? entry.path }, options),
});
