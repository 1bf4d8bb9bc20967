import { text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { type AppError, appError } from '#core/errors.ts';
import { distanceToPlane, type ImagePlane } from '#core/geometry/imagePlane.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { DecodedFrame, DecodedSegmentation } from './decoded.ts';
import { type FrameMask, frameMasks } from './frameMasks.ts';
import { latticeMap, onLattice } from './lattice.ts';
import { resampled } from './resample.ts';
import { sizeOf } from './seriesSize.ts';

export interface PlaceOptions {
  /** Share of the maximum from which a FRACTIONAL voxel counts as inside, 0..1. */
  readonly fractionThreshold?: number;
  /** The reader's consent to nearest-neighbour resampling where the grids differ. */
  readonly resample?: boolean;
}

/**
 * Puts the frames of an object on the slices of a series: by the source image that each names, confirmed by its position; by
 * position where it names none of this series. A frame that is cropped, mirrored or turned is moved voxel by voxel; any other grid
 * is refused, or resampled with consent.
 * @returns errors `other-frame-of-reference`, `other-grid`, `position-conflict`, `outside-series`, `duplicate-frames`, `no-position`, and those
 * of {@link frameMasks}
 */
export function placeOnSeries(
  decoded: DecodedSegmentation,
  series: ImageSeries,
  options: PlaceOptions = {},
): Result<Labelmap> {
  const masks = frameMasks(decoded, options.fractionThreshold);
  if (!masks.ok) return masks;
  const voxels = new Map<number, Map<number, SliceMask>>();
  const slices = sliceIndex(series);
  for (const frameMask of masks.value) {
    const placed = placeFrame(frameMask, decoded, series, slices);
    if (!placed.ok) {
      return options.resample && isResampled(placed.error) ? resampled(decoded, series, masks.value) : placed;
    }
    const own = voxels.get(frameMask.segmentNumber) ?? new Map<number, SliceMask>();
    voxels.set(frameMask.segmentNumber, own);
    if (own.has(placed.value.k)) return err(duplicate(frameMask));
    own.set(placed.value.k, placed.value.mask);
  }
  return ok({ size: sizeOf(series), segments: decoded.segments, voxels });
}

/** Whether resampling, to which the reader must agree, would help. */
export const isResampled = ({ code }: AppError): boolean => code === 'other-grid' || code === 'outside-series';

const keyOf = (sopInstanceUID: string, frameNumber: number | undefined): string =>
  `${sopInstanceUID}/${frameNumber ?? 1}`;

const sliceIndex = (series: ImageSeries): ReadonlyMap<string, number> =>
  new Map(series.frames.map(({ sopInstanceUID, frameNumber }, k) => [keyOf(sopInstanceUID, frameNumber), k]));

function placeFrame(
  { frame, mask }: FrameMask,
  decoded: DecodedSegmentation,
  series: ImageSeries,
  slices: ReadonlyMap<string, number>,
): Result<{ readonly k: number; readonly mask: SliceMask }> {
  const named = namedSlices(frame, series, slices);
  const { plane } = frame;
  if (plane === undefined) {
    const k = named[0];
    const { columns, rows } = sizeOf(series);
    if (k === undefined || named.length > 1) return err(refusal('no-position', frame));
    if (decoded.columns !== columns || decoded.rows !== rows) return err(refusal('other-grid', frame));
    return ok({ k, mask });
  }
  const frameOfReference = text(decoded.dataset, Tag.FrameOfReferenceUID);
  const foreign = frameOfReference !== undefined && frameOfReference !== series.frameOfReferenceUID;
  if (named.length === 0 && foreign) return err(refusal('other-frame-of-reference', frame));
  const candidates = named.length > 0 ? named : nearestSlices(series, plane);
  for (const k of candidates) {
    const target = series.stack.planes[k]!;
    const map = latticeMap(plane, target);
    if (map === undefined) continue;
    const moved = onLattice(mask, plane, target, map);
    return moved === undefined ? err(refusal('outside-series', frame)) : ok({ k, mask: moved });
  }
  const elsewhere = nearestSlices(series, plane).some((k) => latticeMap(plane, series.stack.planes[k]!) !== undefined);
  return err(refusal(elsewhere ? 'position-conflict' : 'other-grid', frame));
}

/** Slices of this series that the frame says it was derived from. A reference without frame number to a multi-frame object is none. */
function namedSlices(frame: DecodedFrame, series: ImageSeries, slices: ReadonlyMap<string, number>): readonly number[] {
  const found = new Set<number>();
  for (const { sopInstanceUID, frameNumber } of frame.sources) {
    const k = slices.get(keyOf(sopInstanceUID, frameNumber));
    if (k === undefined) continue;
    if (frameNumber === undefined && series.frames[k]!.frameNumber !== undefined) continue;
    found.add(k);
  }
  return [...found];
}

/** The slice whose plane is nearest to the centre of a plane's first pixel; several where the distances are equal. */
function nearestSlices(series: ImageSeries, plane: ImagePlane): readonly number[] {
  let best: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  series.stack.planes.forEach((target, k) => {
    const distance = Math.abs(distanceToPlane(target, plane.position));
    if (distance < least - 1e-6) {
      best = [k];
      least = distance;
    } else if (distance <= least + 1e-6) best.push(k);
  });
  return best;
}

const MESSAGES: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  'no-position': [
    'A frame of the segmentation says neither where it lies nor which image of this series it shows.',
    'Open the series that the segmentation was made on.',
  ],
  'other-frame-of-reference': [
    'The segmentation was made in another frame of reference than this series.',
    'Open the series that the segmentation was made on.',
  ],
  'other-grid': [
    'The voxels of the segmentation do not coincide with those of this series.',
    'Open the series that the segmentation was made on, or agree to resampling.',
  ],
  'outside-series': [
    'The segmentation has voxels outside of this series.',
    'Open the series that the segmentation was made on, or agree to resampling, which drops them.',
  ],
  'position-conflict': [
    'A frame of the segmentation names one image and lies at the position of another.',
    'Its writer made an error; ask for a corrected segmentation.',
  ],
};

function refusal(code: keyof typeof MESSAGES & string, frame: DecodedFrame): AppError {
  const [message, remedy] = MESSAGES[code]!;
  return appError(code, message, { remedy, context: { frame: frame.index + 1 } });
}

const duplicate = ({ frame, segmentNumber }: FrameMask): AppError =>
  appError('duplicate-frames', 'Two frames of the segmentation show one segment on one slice.', {
    context: { frame: frame.index + 1, segmentNumber },
  });
