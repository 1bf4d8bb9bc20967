import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { type AppError, appError } from '#core/errors.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedSegmentation, Note } from './decoded.ts';
import { type FrameMask, frameMasks } from './frameMasks.ts';
import { voxelsOutside } from './outside.ts';
import { isResampled, type PlaceOptions, placeOnSeries } from './place.ts';
import { unkeptAttributes } from './unkept.ts';

/** An object on the slices of a series, with what the reader should know of it. */
export interface Placement {
  readonly labelmap: Labelmap;
  readonly notes: readonly Note[];
  /** Header of the object: what a revision succeeds. */
  readonly header: DicomDataset;
}

/** Why an object cannot be placed, and the choice of the reader's with which it could. */
export interface PlacementRefusal extends AppError {
  readonly choice?: keyof PlaceOptions;
}

/**
 * {@link placeOnSeries} for a reader: a refusal says which choice would help, and what a choice did is told in the notes.
 * @returns the errors of {@link placeOnSeries}, and `nothing-on-series` where no voxel is left
 */
export function placeWithChoices(
  decoded: DecodedSegmentation,
  series: ImageSeries,
  choices: PlaceOptions = {},
): Result<Placement, PlacementRefusal> {
  const { resample = false, ...exactly } = choices;
  const exact = placeOnSeries(decoded, series, exactly);
  if (!exact.ok && !(resample && isResampled(exact.error))) return err(refusal(exact.error, decoded, series));
  const placed = exact.ok ? exact : placeOnSeries(decoded, series, choices);
  if (!placed.ok) return placed;
  const masks = frameMasks(decoded, choices.fractionThreshold);
  if (!masks.ok) return masks;
  if (masks.value.length > 0 && placed.value.voxels.size === 0) {
    return err(appError('nothing-on-series', 'No voxel of the segmentation lies on this series.'));
  }
  const notes = [
    ...decoded.notes,
    ...thresholdNote(decoded, choices.fractionThreshold),
    ...(exact.ok ? [] : resamplingNotes(masks.value, series, placed.value)),
    ...unkeptAttributes(decoded.dataset),
  ];
  return ok({ labelmap: placed.value, notes, header: decoded.dataset });
}

function refusal(error: AppError, decoded: DecodedSegmentation, series: ImageSeries): PlacementRefusal {
  if (error.code === 'fraction-threshold-needed') return { ...error, choice: 'fractionThreshold' };
  if (!isResampled(error)) return error;
  const own = decoded.frames.find(({ plane }) => plane !== undefined)?.plane;
  // Frames without a position lie nowhere: there is nothing to resample from.
  if (own === undefined) return error;
  return { ...error, message: `${error.message} ${gridDifference(own, series.stack.planes[0]!)}`, choice: 'resample' };
}

function gridDifference(own: ImagePlane, of: ImagePlane): string {
  const [ownWords, seriesWords] = [gridWords(own), gridWords(of)];
  return ownWords === seriesWords
    ? `Both have ${ownWords}, but not in the same places.`
    : `It has ${ownWords}; the series has ${seriesWords}.`;
}

const gridWords = ({ columns, rows, columnSpacing, rowSpacing }: ImagePlane): string =>
  `${columns} x ${rows} pixels of ${Number(columnSpacing.toFixed(3))} x ${Number(rowSpacing.toFixed(3))} mm`;

function thresholdNote(decoded: DecodedSegmentation, threshold: number | undefined): readonly Note[] {
  if (decoded.fraction === undefined || threshold === undefined || frameMasks(decoded, undefined).ok) return [];
  const what = decoded.fraction.type === 'OCCUPANCY' ? 'an occupancy' : 'a probability';
  const message = `Voxels with ${what} of at least ${percent(threshold)} count as inside. Open the segmentation again to choose another threshold.`;
  return [{ code: 'fraction-threshold', message }];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

function resamplingNotes(masks: readonly FrameMask[], series: ImageSeries, labelmap: Labelmap): readonly Note[] {
  const { all, outside } = voxelsOutside(masks, series.stack);
  const had = new Set(masks.map(({ segmentNumber }) => segmentNumber));
  const lost = labelmap.segments.filter(({ number }) => had.has(number) && !labelmap.voxels.has(number));
  return [
    {
      code: 'resampled',
      message: 'Resampled to the grid of the open series: borders and volumes are not exactly those of the file.',
    },
    ...(outside === 0
      ? []
      : [
          {
            code: 'voxels-dropped',
            message: `${outside} of its ${all} voxels lie outside of the series and were left out.`,
          },
        ]),
    ...(lost.length === 0
      ? []
      : [{ code: 'segments-lost', message: `Nothing is left of ${lost.map(({ label }) => label).join(', ')}.` }]),
  ];
}
