import { appError } from '#core/errors.ts';
import { err, ok } from '#core/result.ts';
import type { ModelManifest } from '../../inference/manifest.ts';
import type { Embedding, PromptableModel } from '../../inference/model.ts';

/** A promptable model that needs no weights: what is brighter than half, inside the box. Counts what is asked of it. */
export interface BrightnessModel extends PromptableModel {
  readonly encoded: number;
  readonly decoded: number;
  evictAll(): void;
}

const SIZE = 64;

export function brightnessModel(): BrightnessModel {
  const images = new Map<number, Float32Array>();
  let encoded = 0;
  let decoded = 0;
  return {
    manifest: MANIFEST,
    get encoded() {
      return encoded;
    },
    get decoded() {
      return decoded;
    },
    evictAll: () => images.clear(),
    async encode(image) {
      encoded += 1;
      const embedding: Embedding = { kind: 'embedding', id: encoded };
      images.set(embedding.id, image.slice(0, SIZE * SIZE));
      return ok(embedding);
    },
    async decode(embedding, { points }) {
      const image = images.get(embedding.id);
      if (image === undefined) return err(appError('embedding-evicted', 'The embedding is gone.'));
      decoded += 1;
      const [from, to] = [2, 3].map((label) => points.find((point) => point.label === label)!);
      const logits = image.map((value, index) => {
        const x = index % SIZE;
        const y = (index - x) / SIZE;
        const inBox = x >= from!.x && x <= to!.x && y >= from!.y && y <= to!.y;
        return inBox ? (value - 0.5) * 20 : -10;
      });
      const mean = logits.reduce((sum, logit) => sum + Math.abs(logit), 0) / logits.length / 10;
      const found = logits.some((logit) => logit > 0);
      return ok({ logits, width: SIZE, height: SIZE, score: found ? mean : 0 });
    },
    release: ({ id }) => void images.delete(id),
    dispose: async () => images.clear(),
  };
}

const none = { path: 'none', sha256: '0'.repeat(64), bytes: 1 };
const MANIFEST: ModelManifest = {
  id: 'brightness',
  name: 'Brightness',
  version: '1',
  family: 'sam',
  licence: { spdx: 'Apache-2.0', file: 'LICENSE' },
  source: { description: 'test model' },
  input: { size: SIZE, channels: 3, resize: 'bilinear-pixel-centre', padding: 'zero', range: [0, 1] },
  intensity: { other: { kind: 'window', low: 0, high: 100 } },
  region: { factor: 2 },
  prompt: { kinds: ['box', 'point'], boxExpansion: 0.05, maskThreshold: 0 },
  output: { size: SIZE },
  embedding: { shape: [1] },
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
    { role: 'encoder', graph: none },
    { role: 'decoder', graph: none },
  ],
  golden: { description: none, data: none, tolerance: { embedding: 1, logit: 1, maskPixels: 1, score: 1 } },
};
