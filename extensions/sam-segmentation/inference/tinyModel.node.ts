import { createHash } from 'node:crypto';
import { ok, type Result } from '#core/result.ts';
import type { BackendName, GraphSession, InferenceBackend, InputTensor } from './backends/backend.ts';
import { type ModelManifest, parseManifest } from './manifest.ts';
import type { ReadModelFile } from './modelFiles.ts';
import { TINY_PRESENCE, tinyVolumeFile } from './tinyVolume.node.ts';

/**
 * Test support: a model of the `sam` family small enough to be written down. Input 4x4, one channel. The encoder gives
 * back its image, the decoder adds the sum of the prompt's coordinates; the score is 0.5.
 */
const SIZE = 4;
const image = Uint8Array.from({ length: SIZE * SIZE }, (_, index) => index * 10);
const POINT = { x: 1, y: 2, label: 1 } as const;

const embedding = Float32Array.from(image, (value) => value / 255);
const logits = embedding.map((value) => value + POINT.x + POINT.y);
const sections = [image, new Uint8Array(embedding.buffer), new Uint8Array(logits.buffer), Uint8Array.of(0xff, 0xff)];
const offsets = sections.map((_, index) => sections.slice(0, index).reduce((sum, part) => sum + part.length, 0));
const at = (index: number) => ({ offset: offsets[index]!, bytes: sections[index]!.length });
const sampled = { dtype: 'float32', start: 0, stride: 1 };

const files = new Map<string, Uint8Array<ArrayBuffer>>([
  ['encoder.onnx', new TextEncoder().encode('encoder')],
  ['decoder.onnx', new TextEncoder().encode('decoder')],
  ['golden.bin', Uint8Array.from(sections.flatMap((part) => [...part]))],
  [
    'golden.json',
    new TextEncoder().encode(
      JSON.stringify({
        format: 1,
        reference: 'arithmetic',
        image: { dtype: 'uint8', shape: [SIZE, SIZE], ...at(0) },
        embedding: { ...sampled, shape: [1, SIZE, SIZE], ...at(1) },
        prompts: [
          {
            name: 'point',
            points: [POINT],
            score: 0.5,
            logits: { ...sampled, shape: [SIZE, SIZE], ...at(2) },
            mask: { dtype: 'bit', shape: [SIZE, SIZE], ...at(3) },
          },
        ],
      }),
    ),
  ],
]);

const entry = (path: string) => {
  const bytes = files.get(path)!;
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
};

export const tinyManifestText = JSON.stringify({
  id: 'tiny',
  name: 'Tiny',
  version: '1',
  family: 'sam',
  licence: { spdx: 'Apache-2.0', file: 'LICENSE' },
  source: { description: 'arithmetic' },
  input: { size: SIZE, channels: 1, resize: 'bilinear-pixel-centre', padding: 'zero', range: [0, 1] },
  intensity: { other: { kind: 'window', low: 0, high: 1 } },
  region: { factor: 2 },
  prompt: { kinds: ['box'], boxExpansion: 0, maskThreshold: 0 },
  output: { size: SIZE },
  embedding: { shape: [1, 1, SIZE, SIZE] },
  tensors: {
    image: 'image',
    imageEmbeddings: 'image_embeddings',
    pointCoords: 'point_coords',
    pointLabels: 'point_labels',
    maskInput: 'mask_input',
    hasMaskInput: 'has_mask_input',
    lowResMasks: 'low_res_masks',
    iouPredictions: 'iou_predictions',
  },
  files: [
    { role: 'encoder', graph: entry('encoder.onnx') },
    { role: 'decoder', graph: entry('decoder.onnx') },
  ],
  golden: {
    description: entry('golden.json'),
    data: entry('golden.bin'),
    tolerance: { embedding: 0.01, logit: 0.01, maskPixels: 0, score: 0.01 },
  },
});

export const tinyManifest: ModelManifest = (() => {
  const parsed = parseManifest(tinyManifestText, 'tiny/manifest.json');
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
})();

export const readTinyFile: ReadModelFile = async (file) => tinyVolumeFile(file.path) ?? ok(files.get(file.path)!);

export interface TinyBackendOptions {
  readonly name?: BackendName;
  readonly elsewhere?: string;
  /** What the encoder multiplies by; anything but 1 is wrong. */
  readonly gain?: number;
  /** The same of the volume model. */
  readonly volumeGain?: number;
  readonly createFails?: boolean;
  readonly lost?: Promise<string>;
  /** Called before each run; may throw, or wait. */
  readonly onRun?: (
    what: 'encode' | 'decode' | 'volume',
    feeds: Readonly<Record<string, InputTensor>>,
  ) => void | Promise<void>;
}

/** A backend that runs the tiny model without any runtime. */
export function tinyBackend(options: TinyBackendOptions = {}): Result<InferenceBackend> {
  const { name = 'wasm', gain = 1, volumeGain = 1, createFails = false, lost, elsewhere, onRun } = options;
  return ok({
    name,
    threads: 1,
    fingerprint: `tiny ${name}`,
    ...(lost === undefined ? {} : { lost }),
    ...(elsewhere === undefined ? {} : { elsewhere }),
    async createSession(_source, role): Promise<GraphSession> {
      if (createFails) throw new Error('out of memory');
      const what = role === 'encoder' ? 'encode' : role === 'volume' ? 'volume' : 'decode';
      return {
        async run(feeds) {
          await onRun?.(what, feeds);
          if (what === 'volume') {
            const data = floats(feeds.channels);
            const depth = { data: new Float32Array(4).fill(TINY_PRESENCE), dims: [1, 4] };
            const logits = data.slice(0, data.length / 8).map((value) => value * volumeGain);
            return { mask_logits: { data: logits, dims: [1, 1, 4, 4, 4] }, slice_presence: depth, slice_score: depth };
          }
          if (what === 'encode') {
            const data = floats(feeds.image).map((value) => value * gain);
            return { image_embeddings: { data, dims: [1, 1, SIZE, SIZE] } };
          }
          const shift = floats(feeds.point_coords).reduce((sum, value) => sum + value, 0);
          const data = floats(feeds.image_embeddings).map((value) => value + shift);
          return {
            low_res_masks: { data, dims: [1, 1, SIZE, SIZE] },
            iou_predictions: { data: Float32Array.of(0.5), dims: [1, 1] },
          };
        },
        dispose: async () => undefined,
      };
    },
  });
}

function floats(tensor: InputTensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('not a float32 tensor');
  return tensor.data;
}
