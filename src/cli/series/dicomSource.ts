import { appError } from '#core/errors.ts';
import { stackIssueText } from '#core/geometry/stackIssueText.ts';
import { applyModalityLut } from '#core/pixels/modalityLut.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { err, ok, type Result } from '#core/result.ts';
import { storedPixels } from '../../../extensions/local-files/node.ts';
import { type IntensityRecipes, recipeFor, windowOf } from '../../../extensions/sam-segmentation/node.ts';
import type { SeriesFiles } from './readSeries.ts';
import type { SeriesSource } from './seriesSource.ts';

/**
 * The slices of a DICOM series as a model sees them: stored pixels through the modality LUT of their own slice, one window
 * for the series. A slice is decoded each time it is asked for, so memory holds the files and no second copy.
 * @returns errors `series-view-only` and those of reading pixels
 */
export function dicomSource(
  input: SeriesFiles,
  manifest: { readonly intensity: IntensityRecipes },
): Result<SeriesSource> {
  const { series } = input;
  const { stack } = series;
  if (stack.use === 'view') {
    const cause = stack.issues.map(stackIssueText).join(' ');
    return err(appError('series-view-only', 'The slices of this series do not form one stack.', { cause }));
  }
  const first = sliceAt(input, 0);
  if (!first.ok) return first;
  const plane = stack.planes[0]!;
  const seenBy = ({ intensity }: typeof manifest): SeriesSource => ({
    columns: plane.columns,
    rows: plane.rows,
    geometry: { positions: stack.positions, columnSpacing: plane.columnSpacing, rowSpacing: plane.rowSpacing },
    window: windowOf(recipeFor(intensity, series.modality), volumeOf(input)),
    slice: async (k) => sliceAt(input, k),
    seenBy,
  });
  return ok(seenBy(manifest));
}

/** Every slice that can be read, anew at each iteration. */
const volumeOf = (input: SeriesFiles): Iterable<Float32Array> => ({
  *[Symbol.iterator]() {
    for (let k = 0; k < input.series.frames.length; k += 1) {
      const slice = sliceAt(input, k);
      if (slice.ok) yield slice.value.values;
    }
  },
});

function sliceAt({ series, files, decoded }: SeriesFiles, k: number): Result<SliceImage> {
  const frame = series.frames[k];
  const file = frame === undefined ? undefined : files.get(frame.sopInstanceUID);
  if (frame === undefined || file === undefined) {
    return err(
      appError('slice-outside-stack', `There is no slice ${k}.`, { context: { k, slices: series.frames.length } }),
    );
  }
  const at = (frame.frameNumber ?? 1) - 1;
  const stored = decoded.get(frame.sopInstanceUID)?.[at] ?? storedPixels(file, at);
  if (!stored.ok) return stored;
  const { rows, columns, samplesPerPixel, values } = stored.value;
  if (samplesPerPixel !== 1) {
    return err(
      appError('colour-image', `${file.name} is a colour image.`, { remedy: 'Choose a series of grey-scale images.' }),
    );
  }
  return ok({ rows, columns, values: applyModalityLut(values, frame.lut) });
}
