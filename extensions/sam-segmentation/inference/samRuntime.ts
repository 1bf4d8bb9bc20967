import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { GraphSession, InferenceBackend, TensorValue } from './backends/backend.ts';
import type { ModelManifest } from './manifest.ts';
import type { DecodedMask, DecoderPrompt } from './model.ts';
import type { ModelGraphs } from './modelFiles.ts';
import { chooseMask } from './signature/chooseMask.ts';
import { promptTensors } from './signature/promptTensors.ts';
import { signatureOf } from './signature/signatureOf.ts';

/** What the decoder needs of an encoded image, by the names of its inputs. */
export type EmbeddingTensors = Readonly<Record<string, TensorValue>>;

/** The two graphs of a Segment Anything model on one backend, with tensors still in sight. */
export interface SamRuntime {
  readonly manifest: ModelManifest;
  readonly backend: InferenceBackend;
  encode(image: Float32Array, signal?: AbortSignal): Promise<Result<EmbeddingTensors>>;
  decode(embedding: EmbeddingTensors, prompt: DecoderPrompt, signal?: AbortSignal): Promise<Result<DecodedMask>>;
  dispose(): Promise<void>;
}

const ELSEWHERE = { graph: new Uint8Array(0) };

/** Creates both sessions. @param graphs absent where the backend has them already. Error: `model-load-failed`. */
export async function createSamRuntime(
  manifest: ModelManifest,
  graphs: ModelGraphs | undefined,
  backend: InferenceBackend,
): Promise<Result<SamRuntime>> {
  const opened: GraphSession[] = [];
  try {
    const encoder = await backend.createSession(graphs?.encoder ?? ELSEWHERE, 'encoder');
    opened.push(encoder);
    const decoder = await backend.createSession(graphs?.decoder ?? ELSEWHERE, 'decoder');
    return ok(runtimeOf(manifest, backend, encoder, decoder));
  } catch (cause) {
    for (const session of opened) await session.dispose().catch(() => undefined);
    return err(
      appError('model-load-failed', `ONNX Runtime could not load ${manifest.name} (${backend.name}).`, {
        remedy: 'Close other tabs to free memory and try again, or choose another model.',
        cause,
        context: { model: manifest.id, backend: backend.name },
      }),
    );
  }
}

function runtimeOf(
  manifest: ModelManifest,
  backend: InferenceBackend,
  encoder: GraphSession,
  decoder: GraphSession,
): SamRuntime {
  const { input, output } = manifest;
  const signature = signatureOf(manifest);
  const { layout, embeddings } = signature;
  const imageDims =
    layout === 'hwc' ? [input.size, input.size, input.channels] : [1, input.channels, input.size, input.size];
  const imageLength = imageDims.reduce((product, size) => product * size, 1);
  const failed = (what: string, cause: unknown): AppError =>
    appError('inference-failed', `${manifest.name} failed to ${what} (${backend.name}).`, {
      remedy: 'Try again; if it happens again, reload the page.',
      cause,
      context: { model: manifest.id, backend: backend.name },
    });

  return {
    manifest,
    backend,
    async encode(image, signal) {
      if (image.length !== imageLength) {
        const what = `The image has ${image.length} values instead of ${imageLength} (${imageDims.join('x')}).`;
        return err(appError('bad-model-input', what));
      }
      try {
        const data = layout === 'hwc' ? interleaved(image, input.channels) : image;
        const outputs = await encoder.run({ [signature.image]: { data, dims: imageDims } }, { signal });
        return ok(Object.fromEntries(embeddings.map((each) => [each.input, named(outputs, each.output)])));
      } catch (cause) {
        return err(failed('encode an image', cause));
      }
    },
    async decode(embedding, prompt, signal) {
      const encoded = promptTensors(prompt, signature, { input: input.size, output: output.size });
      if (!encoded.ok) return encoded;
      try {
        const outputs = await decoder.run({ ...embedding, ...encoded.value }, { signal });
        const masks = named(outputs, signature.masks);
        return ok(chooseMask(masks, named(outputs, signature.scores), prompt, output.size));
      } catch (cause) {
        return err(failed('decode a prompt', cause));
      }
    },
    async dispose() {
      await encoder.dispose();
      await decoder.dispose();
    },
  };
}

function named(outputs: Readonly<Record<string, TensorValue>>, name: string): TensorValue {
  const value = outputs[name];
  if (value === undefined) throw new Error(`no output called ${name}`);
  return value;
}

/** Planes to pixels: [channels, rows, columns] to [rows, columns, channels]. */
function interleaved(planar: Float32Array, channels: number): Float32Array {
  const plane = planar.length / channels;
  const out = new Float32Array(planar.length);
  for (let pixel = 0; pixel < plane; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      out[pixel * channels + channel] = planar[channel * plane + pixel]!;
    }
  }
  return out;
}
