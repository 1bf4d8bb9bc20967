import type { AppError } from '#core/errors.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { Result } from '#core/result.ts';
import type { ReadableState } from '#extension-api';
import type { ModelManifest } from '../inference/manifest.ts';
import type { VolumeManifest } from '../inference/volumeManifest.ts';
import type { Scope } from '../propagation/scope.ts';
import type { StopReason } from '../propagation/stopReason.ts';
import type { End, LesionPrompts } from './lesionPrompts.ts';
import type { OtherSeriesSource } from './otherSeries.ts';
import type { ExpectedSlices, LesionEnd, SliceResult } from './sessionState.ts';
import type { VolumeSource } from './volumeSource.ts';

/** Why a side of the lesion ended; `failed` where the run broke off. */
export type EndReason = StopReason | 'failed';

/** What is asked: everything the reader said, and how the model is to see the values. */
export interface LesionTask {
  readonly prompts: LesionPrompts;
  readonly window: IntensityWindow;
  /**
   * `fresh`: the region that the model's recipe gives for these boxes, so that the same boxes give the same masks. `kept`: the
   * region in use where the boxes still fit, so that a correction costs one decode and not every slice's embedding.
   */
  readonly region: 'fresh' | 'kept';
  /** What a propagation may change. */
  readonly scope: Scope;
  /** Masks of boxed slices, by k, that have settled on the reader's screen: a propagation keeps them. */
  readonly seen: ReadonlyMap<number, SliceMask>;
}

export interface SliceOptions {
  readonly signal: AbortSignal;
  /** A handle is being dragged: the answer is wanted before the next one. */
  readonly draft: boolean;
  /** A first mask, where one is there long before the answer. */
  onGlimpse(result: SliceResult): void;
}

export interface PropagationListener {
  /** Aborted between slices; no call of the listener follows. */
  readonly signal: AbortSignal;
  /** Which slices this run will look at, as far as can be told beforehand. */
  onExpected(slices: ExpectedSlices): void;
  /** Slices that came together: one by one from the promptable model, all at once from a volume model. */
  onSlices(results: ReadonlyMap<number, SliceResult>): void;
  onEnd(end: End, at: LesionEnd, dropped: readonly number[]): void;
}

/** Segments slices of the open series with one loaded model. Cancelled calls give `cancelled` or reject with the signal's reason. */
export interface LesionSegmenter {
  readonly manifest: ModelManifest;
  /** 'WebGPU', 'WebAssembly, 4 threads': for the panel and for the SEG's algorithm parameters. */
  readonly backend: string;
  /** The volume model that had its say in the last answer, where there is one. */
  readonly helpedBy: VolumeManifest | undefined;
  /** Modalities of the other series that had a say in the last answer. */
  readonly alsoSeen: readonly string[];
  segmentSlice(task: LesionTask, k: number, options: SliceOptions): Promise<Result<SliceResult>>;
  /** Both ways from the prompted slices. What was asked before with the same box is answered from memory. */
  propagate(task: LesionTask, listener: PropagationListener): Promise<Result<void>>;
  /** Encodes a slice that the reader may prompt next. Never fails. */
  prefetch(task: LesionTask, k: number, signal: AbortSignal): Promise<void>;
  /** Gives up everything that derives from the pixels of the series: embeddings, masks. */
  forget(): void;
}

export type ModelState =
  | { readonly kind: 'not-loaded'; readonly sentTo?: string }
  | {
      readonly kind: 'loading';
      /** 'Loading the model', 'Checking WebGPU'. */
      readonly doing: string;
      readonly doneBytes: number;
      readonly totalBytes: number | undefined;
    }
  /** @param notes why this backend runs and not a faster one, one sentence each */
  | {
      readonly kind: 'ready';
      readonly name: string;
      readonly backend: string;
      readonly notes: readonly string[];
      /** What was tried before, or was not to be tried, and why it does not run. */
      readonly passedOver: readonly { readonly backend: string; readonly reason: string }[];
      /** Whom pixels are sent to; absent where they stay on this machine. */
      readonly sentTo?: string;
    }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Loads the model when it is first wanted; after a failure, the next call tries again. */
export interface SegmenterSource {
  readonly state: ReadableState<ModelState>;
  readonly volume: VolumeSource;
  /** Absent where the host reads one series alone. */
  readonly others: OtherSeriesSource | undefined;
  get(): Promise<Result<LesionSegmenter>>;
  /** The model where it is loaded. */
  loaded(): LesionSegmenter | undefined;
  /** Another model was chosen: the next call of `get` loads it. What was made with the old one has nothing to do with it. */
  replace(): void;
  /** Changes with each {@link replace}. */
  readonly replaced: ReadableState<number>;
  dispose(): void;
}
