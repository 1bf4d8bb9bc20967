import type { AppError } from '#core/errors.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { Result } from '#core/result.ts';
import type { ReadableState } from '#extension-api';
import type { ModelManifest } from '../inference/manifest.ts';
import type { End, LesionPrompts } from './lesionPrompts.ts';
import type { LesionEnd, SliceResult } from './sessionState.ts';

/** Why a side of the lesion ended. */
export type EndReason =
  | 'left-lesion'
  | 'expected-end'
  | 'intensity-shift'
  | 'area-jump'
  | 'low-score'
  | 'end-of-stack'
  | 'missing-slices'
  | 'range'
  | 'cancelled'
  | 'failed';

/** What is asked: everything the reader said, and how the model is to see the values. */
export interface LesionTask {
  readonly prompts: LesionPrompts;
  readonly window: IntensityWindow;
}

export interface PropagationListener {
  readonly signal: AbortSignal;
  /** How many slices this run will need, as far as the planner can tell. */
  onExpected(slices: number): void;
  onSlice(k: number, result: SliceResult): void;
  onEnd(end: End, at: LesionEnd): void;
}

/** Segments slices of the open series with one loaded model. Cancelled calls give `cancelled` or reject with the signal's reason. */
export interface LesionSegmenter {
  readonly manifest: ModelManifest;
  /** 'WebGPU', 'WebAssembly, 4 threads': for the panel and for the SEG's algorithm parameters. */
  readonly backend: string;
  /** One prompted slice. `draft` reuses what was encoded last, where the box still fits: while a handle is being dragged. */
  segmentSlice(
    task: LesionTask,
    k: number,
    options: { readonly signal: AbortSignal; readonly draft: boolean },
  ): Promise<Result<SliceResult>>;
  /** Both ways from the prompted slices. @param known results that stand and are not asked again */
  propagate(
    task: LesionTask,
    known: ReadonlyMap<number, SliceResult>,
    listener: PropagationListener,
  ): Promise<Result<void>>;
  /** Encodes a slice that the reader may prompt next. Never fails. */
  prefetch(task: LesionTask, k: number, signal: AbortSignal): Promise<void>;
}

export type ModelState =
  | { readonly kind: 'not-loaded' }
  | { readonly kind: 'loading'; readonly doneBytes: number; readonly totalBytes: number | undefined }
  /** @param notes why this backend runs and not a faster one, one sentence each */
  | { readonly kind: 'ready'; readonly name: string; readonly backend: string; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Loads the model when it is first wanted; after a failure, the next call tries again. */
export interface SegmenterSource {
  readonly state: ReadableState<ModelState>;
  get(): Promise<Result<LesionSegmenter>>;
  /** The model where it is loaded. */
  loaded(): LesionSegmenter | undefined;
  dispose(): void;
}
