import { ok } from '#core/result.ts';
import type { VolumeManifest } from '../../inference/volumeManifest.ts';
import type { VolumeModel } from '../../inference/volumeModel.ts';
import type { VolumeAnswer } from '../../volume/answer.ts';
import type { VolumeInput } from '../../volume/channels.ts';

/** A volume model that needs no weights: what is brighter than half. Keeps what it was asked. */
export interface BrightVolumeModel extends VolumeModel {
  readonly asked: readonly VolumeInput[];
}

type Combination = VolumeManifest['combination'];

/**
 * @param change what to make of the answer, for a model that is wrong on purpose
 * @param boxed whether both models have their say in boxed slices
 */
export function brightVolumeModel(
  combination: Combination = { rule: 'volume' },
  change: (answer: VolumeAnswer, input: VolumeInput) => VolumeAnswer = (answer) => answer,
  boxed?: VolumeManifest['boxed'],
): BrightVolumeModel {
  const asked: VolumeInput[] = [];
  const { depth, size } = REGION;
  return {
    manifest: { ...MANIFEST, combination, ...(boxed === undefined ? {} : { boxed }) },
    asked,
    async run(input, { signal } = {}) {
      if (signal?.aborted) return { ok: false, error: { code: 'cancelled', message: 'The run was cancelled.' } };
      asked.push(input);
      const logits = input.image.map((value, cell) => (input.inside[cell] === 1 ? (value - 0.5) * 20 : -10));
      const bright = (j: number): boolean =>
        logits.subarray(j * size * size, (j + 1) * size * size).some((logit) => logit > 0);
      const presence = Float32Array.from({ length: depth }, (_, j) => (bright(j) ? 0.9 : 0.1));
      return ok(change({ logits, presence, score: presence.slice() }, input));
    },
    dispose: async () => undefined,
  };
}

const REGION = { depth: 32, size: 64, keySample: 16 } as const;
const none = { path: 'none', sha256: '0'.repeat(64), bytes: 1 };
const MANIFEST: VolumeManifest = {
  id: 'bright-volume',
  name: 'Bright volume',
  version: '1',
  family: 'volume',
  licence: { spdx: 'Apache-2.0', file: 'LICENSE' },
  source: { description: 'test model' },
  intensity: { other: { kind: 'window', low: 0, high: 100 } },
  region: {
    ...REGION,
    sidePerLongerBoxSide: 2,
    halfDepthPerHalfBox: 2.8,
    zoomStep: 1.25,
    zoomRounds: 3,
    pooling: { largestFactor: 4 },
  },
  channels: ['image', 'relative', 'likelihood', 'box', 'prior', 'range', 'mask', 'inside'],
  prior: { reach: 1.45 },
  prompt: { kinds: ['box', 'range', 'boxes', 'masks', 'points'], maskThreshold: 0 },
  combination: { rule: 'volume' },
  tensors: { channels: 'c', maskLogits: 'l', slicePresence: 'p', sliceScore: 's' },
  files: [{ role: 'volume', graph: none }],
  golden: { description: none, data: none, tolerance: { channel: 1, logit: 1, maskVoxels: 1, score: 1 } },
};
