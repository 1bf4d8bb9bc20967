import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import { CHANNEL_COUNT, type VolumeInput, volumeChannels } from '../volume/channels.ts';
import { meanAnswer, mirroredChannels } from '../volume/mirror.ts';
import type { GraphSession, GraphSource, InferenceBackend, TensorValue } from './backends/backend.ts';
import type { VolumeManifest } from './volumeManifest.ts';

/** The graph of a `volume` model on one backend. */
export interface VolumeRuntime {
  readonly manifest: VolumeManifest;
  readonly backend: InferenceBackend;
  /** As the manifest wants it: the mean with the mirror image, or one look. */
  run(input: VolumeInput): Promise<Result<VolumeAnswer>>;
  /** One pass of the graph: what golden files were made with. */
  look(input: VolumeInput): Promise<Result<VolumeAnswer>>;
  dispose(): Promise<void>;
}

/** Creates the session. Error: `model-load-failed`. */
export async function createVolumeRuntime(
  manifest: VolumeManifest,
  graph: GraphSource,
  backend: InferenceBackend,
): Promise<Result<VolumeRuntime>> {
  const context = { model: manifest.id, backend: backend.name };
  try {
    return ok(runtimeOf(manifest, backend, await backend.createSession(graph, 'volume')));
  } catch (cause) {
    return err(
      appError('model-load-failed', `ONNX Runtime could not load ${manifest.name} (${backend.name}).`, {
        remedy: 'Close other tabs to free memory and try again, or choose another model.',
        cause,
        context,
      }),
    );
  }
}

function runtimeOf(manifest: VolumeManifest, backend: InferenceBackend, session: GraphSession): VolumeRuntime {
  const { tensors, prior, region } = manifest;
  const { depth, size } = region;
  const cells = depth * size * size;
  async function pass(data: Float32Array): Promise<VolumeAnswer> {
    const outputs = await session.run({ [tensors.channels]: { data, dims: [1, CHANNEL_COUNT, depth, size, size] } });
    return {
      logits: output(outputs, tensors.maskLogits, cells),
      presence: output(outputs, tensors.slicePresence, depth),
      score: output(outputs, tensors.sliceScore, depth),
    };
  }

  async function answered(
    input: VolumeInput,
    ask: (channels: Float32Array) => Promise<VolumeAnswer>,
  ): Promise<Result<VolumeAnswer>> {
    const misfit = misfitOf(input, manifest);
    if (misfit !== undefined) return err(misfit);
    try {
      return ok(await ask(volumeChannels(input, prior.reach)));
    } catch (cause) {
      return err(
        appError('inference-failed', `${manifest.name} failed to run (${backend.name}).`, {
          remedy: 'Try again; if it happens again, reload the page.',
          cause,
          context: { model: manifest.id, backend: backend.name },
        }),
      );
    }
  }

  const both = async (channels: Float32Array): Promise<VolumeAnswer> => {
    // Mirrored first: a backend may take the channels over.
    const image = mirroredChannels(channels, region);
    return meanAnswer(await pass(channels), await pass(image), region);
  };
  return {
    manifest,
    backend,
    run: (input) => answered(input, manifest.averaging === 'point-mirror' && !input.once ? both : pass),
    look: (input) => answered(input, pass),
    dispose: () => session.dispose(),
  };
}

function misfitOf({ image, inside, region }: VolumeInput, { region: grid }: VolumeManifest): AppError | undefined {
  const cells = grid.depth * grid.size ** 2;
  const fits =
    region.depth === grid.depth &&
    region.size === grid.size &&
    region.keySample === grid.keySample &&
    image.length === cells &&
    inside.length === cells;
  if (!fits) return appError('bad-model-input', 'The region is not on the grid of the model.');
  const numbers = [region.x, region.y, region.z, region.width, region.height, region.step, region.stepZ];
  return numbers.every(Number.isFinite) && Math.min(region.step, region.stepZ) > 0
    ? undefined
    : appError('bad-model-input', 'The region has no size: a box or a spacing is not a number.');
}

function output(outputs: Readonly<Record<string, TensorValue>>, name: string, length: number): Float32Array {
  const value = outputs[name];
  if (value === undefined) throw new Error(`no output called ${name}`);
  if (value.data.length !== length) throw new Error(`output ${name} has ${value.data.length} values, not ${length}`);
  return value.data;
}
