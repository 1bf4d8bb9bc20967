import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { err, ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import type { Embedding, InferenceOptions, PromptableModel } from '../inference/model.ts';
import { isAsUrgent } from '../inference/queue.ts';
import { logitsOnPixels, maskFromLogits } from '../mask/maskFromLogits.ts';
import { type Intensity, intensityInside, maskBox, maskPixels } from '../mask/measure.ts';
import { encoderInput } from '../preprocess/encoderInput.ts';
import type { ModelFrame } from '../preprocess/modelFrame.ts';
import { modelPrompt, type SlicePrompt } from '../prompt/modelPrompt.ts';
import { maskInBox } from './maskInBox.ts';
import { pacer } from './pacer.ts';
import type { SliceSource } from './sliceSource.ts';

/** A mask with what can be said of it. */
export interface MeasuredMask {
  readonly mask: SliceMask;
  /** Tight box; undefined when the mask is empty. */
  readonly box: SliceBox | undefined;
  /** mm². */
  readonly area: number;
  readonly intensity: Intensity | undefined;
}

export interface SegmentedSlice extends MeasuredMask {
  readonly k: number;
  readonly score: number;
}

/** Segments slices of one lesion in one frame; embeddings are made when first needed and used again. */
export interface SliceSegmenter {
  /** Id of the model's manifest. */
  readonly modelId: string;
  readonly frame: ModelFrame;
  readonly source: SliceSource;
  /** See {@link PromptableModel.encodesTogether}. */
  encodesTogether(): number;
  /** Errors of the source and of the model. */
  segment(k: number, prompt: SlicePrompt, options?: InferenceOptions): Promise<Result<SegmentedSlice>>;
  /** Logits on the pixels of a part of the slice, above 0 where the model would draw the mask; -Infinity outside the frame. */
  logits(k: number, prompt: SlicePrompt, part: SliceBox, options?: InferenceOptions): Promise<Result<Float32Array>>;
  /** Encodes ahead of a prompt. */
  prepare(k: number, options?: InferenceOptions): Promise<Result<Embedding>>;
  /** Measures a mask that came from elsewhere (edited by the reader, interpolated). */
  measure(k: number, mask: SliceMask, options?: InferenceOptions): Promise<Result<MeasuredMask>>;
  /** Gives the embeddings' memory back. */
  release(): void;
}

export function createSliceSegmenter(model: PromptableModel, source: SliceSource, frame: ModelFrame): SliceSegmenter {
  const { input, prompt: promptRule } = model.manifest;
  const embeddings = new Map<number, Embedding>();
  let releases = 0;
  const underWay = new Map<number, { priority: InferenceOptions['priority']; encoded: Promise<Result<Embedding>> }>();

  const encodesTogether = (): number => model.encodesTogether?.() ?? 1;

  async function prepare(k: number, options: InferenceOptions = {}): Promise<Result<Embedding>> {
    const known = embeddings.get(k);
    if (known !== undefined) return ok(known);
    const flying = underWay.get(k);
    // Not joined where it may still wait here, behind what is less urgent than this; what goes to a server is on its way.
    if (flying !== undefined && (isAsUrgent(flying.priority, options.priority) || encodesTogether() > 1)) {
      const joined = await flying.encoded.catch(() => undefined);
      if (joined?.ok || options.signal?.aborted) return joined ?? err(cancelled());
    }
    const own = { priority: options.priority, encoded: encode(k, options) };
    underWay.set(k, own);
    try {
      return await own.encoded;
    } finally {
      if (underWay.get(k) === own) underWay.delete(k);
    }
  }

  async function encode(k: number, options: InferenceOptions): Promise<Result<Embedding>> {
    const before = releases;
    const slice = await source.slice(k, options);
    if (!slice.ok) return slice;
    const encoded = await model.encode(encoderInput(slice.value, source.window, frame, input), options);
    // Released while it was made: nobody would give its memory back.
    if (encoded.ok && releases !== before) model.release(encoded.value);
    else if (encoded.ok) embeddings.set(k, encoded.value);
    return encoded;
  }

  async function decode(k: number, prompt: SlicePrompt, options: InferenceOptions) {
    const points = modelPrompt(prompt, frame, source, promptRule.boxExpansion);
    const embedding = await prepare(k, options);
    if (!embedding.ok) return embedding;
    const decoded = await model.decode(embedding.value, { points }, options);
    if (decoded.ok || decoded.error.code !== 'embedding-evicted') return decoded;
    embeddings.delete(k);
    const again = await prepare(k, options);
    return again.ok ? model.decode(again.value, { points }, options) : again;
  }

  return {
    modelId: model.manifest.id,
    frame,
    source,
    encodesTogether,
    prepare,
    async logits(k, prompt, part, options = {}) {
      const decoded = await decode(k, prompt, options);
      if (!decoded.ok) return decoded;
      const logits = logitsOnPixels(decoded.value, frame, source, part);
      return ok(logits.map((logit) => logit - promptRule.maskThreshold));
    },
    async segment(k, prompt, options = {}) {
      const decoded = await decode(k, prompt, options);
      if (!decoded.ok) return decoded;
      const slice = await source.slice(k, options);
      if (!slice.ok) return slice;
      const { columns } = source;
      const pause = pacer();
      const raw = maskFromLogits(decoded.value, frame, source, promptRule.maskThreshold);
      await pause();
      const mask = await maskInBox(raw, prompt.box, columns);
      return ok({ k, score: decoded.value.score, ...measured(slice.value, mask, source) });
    },
    async measure(k, mask, options) {
      const slice = await source.slice(k, options);
      return slice.ok ? ok(measured(slice.value, mask, source)) : slice;
    },
    release() {
      releases += 1;
      for (const embedding of embeddings.values()) model.release(embedding);
      embeddings.clear();
    },
  };
}

function measured(slice: SliceImage, mask: SliceMask, { geometry, columns }: SliceSource): MeasuredMask {
  return {
    mask,
    box: maskBox(mask, columns),
    area: maskPixels(mask) * geometry.columnSpacing * geometry.rowSpacing,
    intensity: intensityInside(slice, mask),
  };
}
