import { appError } from '#core/errors.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { err, ok } from '#core/result.ts';
import { type IntensityRecipes, recipeFor, windowOf } from '../../../extensions/sam-segmentation/node.ts';
import type { SeriesSource } from '../series/seriesSource.ts';
import type { Volume } from './volume.ts';

/** The slices of a volume file along its third axis, as a model sees them. */
export function volumeSource(
  { grid, values }: Volume,
  modality: string,
  manifest: { readonly intensity: IntensityRecipes },
): SeriesSource {
  const { columns, rows, slices, spacing } = grid;
  const pixels = columns * rows;
  const slice = (k: number): SliceImage => ({ columns, rows, values: values.subarray(k * pixels, (k + 1) * pixels) });
  const seenBy = ({ intensity }: typeof manifest): SeriesSource => ({
    columns,
    rows,
    geometry: {
      positions: Array.from({ length: slices }, (_, k) => k * spacing[2]),
      columnSpacing: spacing[0],
      rowSpacing: spacing[1],
    },
    window: windowOf(recipeFor(intensity, modality), [values]),
    slice: async (k) =>
      k >= 0 && k < slices ? ok(slice(k)) : err(appError('slice-outside-stack', `There is no slice ${k}.`)),
    seenBy,
  });
  return seenBy(manifest);
}
