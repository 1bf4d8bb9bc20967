import type { AppError } from '#core/errors.ts';
import { CT_PRESETS, type IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { ok, type Result } from '#core/result.ts';
import type { OpenSeries, ViewerPort } from '#extension-api';
import type { ModelManifest } from '../inference/manifest.ts';
import { recipeFor, windowOf, windowSteps } from '../preprocess/intensity.ts';
import { pacer } from '../segmenter/pacer.ts';

/** What the reader may choose for the model; never the display window by itself. */
export type WindowChoice = 'recipe' | 'Soft tissue' | 'Lung' | 'Bone';

export const WINDOW_CHOICES: readonly WindowChoice[] = ['recipe', 'Soft tissue', 'Lung', 'Bone'];

export type ModelWindow =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'sampling'; readonly done: number; readonly total: number }
  | { readonly kind: 'ready'; readonly window: IntensityWindow }
  | { readonly kind: 'failed'; readonly error: AppError };

/** A CT window by name; the others follow the model's recipe alone, because their units have no fixed meaning. */
export const chosenPreset = (choice: WindowChoice, modality: string): IntensityWindow | undefined =>
  modality === 'CT' ? CT_PRESETS.find(({ name }) => name === choice)?.window : undefined;

/**
 * The window of the model's recipe for a series. Percentiles are those of all slices, so all are read.
 * @returns errors of {@link ViewerPort.slicePixels}
 */
export async function recipeWindow(
  manifest: Pick<ModelManifest, 'intensity'>,
  { series }: Pick<OpenSeries, 'series'>,
  viewer: Pick<ViewerPort, 'slicePixels'>,
  options: { readonly signal: AbortSignal; readonly onProgress: (done: number, total: number) => void },
): Promise<Result<IntensityWindow>> {
  const recipe = recipeFor(manifest.intensity, series.modality);
  if (recipe.kind === 'window') return ok(windowOf(recipe, []));
  const total = series.frames.length;
  const values: Float32Array[] = [];
  for (let k = 0; k < total; k += 1) {
    const slice = await viewer.slicePixels(k, { signal: options.signal });
    options.signal.throwIfAborted();
    if (!slice.ok) return slice;
    values.push(slice.value.values);
    options.onProgress(k + 1, total);
  }
  const steps = windowSteps(recipe, values);
  const pause = pacer();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return ok(step.value);
    await pause();
    options.signal.throwIfAborted();
  }
}
