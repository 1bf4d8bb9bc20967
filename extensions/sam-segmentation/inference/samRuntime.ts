import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { GraphSession, InferenceBackend, TensorValue } from './backends/backend.ts';
import type { ModelManifest } from './manifest.ts';
import type { DecodedMask, DecoderPrompt } from './model.ts';
import type { ModelGraphs } from './modelFiles.ts';
import { samPromptTensors } from './samPrompt.ts';

/** The two graphs of a `sam` model on one backend, with tensors still in sight. */
export interface SamRuntime {
  readonly manifest: ModelManifest;
  readonly backend: InferenceBackend;
  encode(image: Float32Array): Promise<Result<TensorValue>>;
  decode(embedding: TensorValue, prompt: DecoderPrompt): Promise<Result<DecodedMask>>;
  dispose(): Promise<void>;
}

/** Creates both sessions. Error: `model-load-failed`. */
export async function createSamRuntime(
  manifest: ModelManifest,
  graphs: ModelGraphs,
  backend: InferenceBackend,
): Promise<Result<SamRuntime>> {
  const opened: GraphSession[] = [];
  try {
    const encoder = await backend.createSession(graphs.encoder);
    opened.push(encoder);
    const decoder = await backend.createSession(graphs.decoder);
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
  const { tensors, input, output } = manifest;
  const imageDims = [1, input.channels, input.size, input.size];
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
    async encode(image) {
      if (image.length !== imageLength) {
        const what = `The image has ${image.length} values instead of ${imageLength} (${imageDims.join('x')}).`;
        return err(appError('bad-model-input', what));
      }
      try {
        const outputs = await encoder.run({ [tensors.image]: { data: image, dims: imageDims } });
        return ok(named(outputs, tensors.imageEmbeddings));
      } catch (cause) {
        return err(failed('encode an image', cause));
      }
    },
    async decode(embedding, prompt) {
      const encoded = samPromptTensors(prompt, output.size);
      if (!encoded.ok) return encoded;
      try {
        const outputs = await decoder.run({
          [tensors.imageEmbeddings]: embedding,
          [tensors.pointCoords]: encoded.value.coords,
          [tensors.pointLabels]: encoded.value.labels,
          [tensors.maskInput]: encoded.value.mask,
          [tensors.hasMaskInput]: encoded.value.hasMask,
        });
        const logits = named(outputs, tensors.lowResMasks).data;
        const score = named(outputs, tensors.iouPredictions).data[0];
        if (logits.length !== output.size ** 2 || score === undefined) throw new Error('unexpected output shape');
        return ok({ logits, width: output.size, height: output.size, score });
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
