import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { type CountedValues, finished, percentileSteps } from '#core/pixels/percentiles.ts';

/** How a model wants to see the values of one modality; the `intensity` entries of its manifest have this shape. */
export type IntensityRecipe =
  | { readonly kind: 'window'; readonly low: number; readonly high: number }
  | { readonly kind: 'percentile'; readonly low: number; readonly high: number; readonly of: CountedValues };

/** Recipes by DICOM Modality (0008,0060); `other` for all that are not named. */
export interface IntensityRecipes {
  readonly CT?: IntensityRecipe | undefined;
  readonly MR?: IntensityRecipe | undefined;
  readonly PT?: IntensityRecipe | undefined;
  readonly other: IntensityRecipe;
}

export function recipeFor(recipes: IntensityRecipes, modality: string): IntensityRecipe {
  const named = modality === 'CT' || modality === 'MR' || modality === 'PT' ? recipes[modality] : undefined;
  return named ?? recipes.other;
}

/**
 * The window of a series. Percentiles are those of the whole volume in modality units, so every slice must have had its own
 * rescale applied (PET changes its slope from slice to slice), and every slice is seen through the same window.
 * @param volume modality values of every slice; iterated only by the percentile recipe, twice
 */
export const windowOf = (recipe: IntensityRecipe, volume: Iterable<Float32Array>): IntensityWindow =>
  finished(windowSteps(recipe, volume));

/** {@link windowOf} in steps of about a slice, for a thread that has other things to do meanwhile. */
export function* windowSteps(
  recipe: IntensityRecipe,
  volume: Iterable<Float32Array>,
): Generator<undefined, IntensityWindow> {
  if (recipe.kind === 'window') return { lower: recipe.low, upper: recipe.high, source: 'manifest' };
  const { low, high, of } = recipe;
  const [lower, upper] = (yield* percentileSteps(volume, [low, high], of)) ?? [0, 1];
  // A volume of one value has no contrast to stretch: show it as black rather than divide by zero.
  return { lower: lower!, upper: upper! > lower! ? upper! : lower! + 1, source: 'percentile' };
}
