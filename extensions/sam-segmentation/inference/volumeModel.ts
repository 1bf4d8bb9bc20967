import type { Result } from '#core/result.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import type { VolumeInput } from '../volume/channels.ts';
import type { InferenceOptions } from './model.ts';
import type { VolumeManifest } from './volumeManifest.ts';

/**
 * A model that gives a whole lesion in one run, wherever it runs.
 *
 * Failures: `cancelled`, `inference-failed`, `bad-model-input`, `model-disposed`, `worker-crashed`.
 */
export interface VolumeModel {
  readonly manifest: VolumeManifest;
  /**
   * @param input on a grid of the manifest's region. It is not changed, but may be handed over: do not write to it before the
   *   promise settles. Default priority `propagation`.
   */
  run(input: VolumeInput, options?: InferenceOptions): Promise<Result<VolumeAnswer>>;
  dispose(): Promise<void>;
}
