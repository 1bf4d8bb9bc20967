import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { Labelmap, SegmentVoxels, SliceMask } from '#core/labelmap/labelmap.ts';
import { voxelsOf } from '#core/labelmap/labelmap.ts';
import { type Diameter, longestDiameter, sliceDiameter } from '#core/labelmap/measureDiameter.ts';
import {
  type IntensityStatistics,
  NO_VALUES,
  scaledStatistics,
  statisticsOf,
  withSliceValues,
} from '#core/labelmap/measureIntensity.ts';
import { pixelCount, type SegmentExtent, segmentExtent, segmentVolume } from '#core/labelmap/measureVolume.ts';
import { ok, type Result } from '#core/result.ts';
import type { CallOptions, ViewerPort } from '#extension-api';

/** What the geometry alone says of a segment. */
export interface ShapeMeasures {
  readonly extent: SegmentExtent;
  /** mm³ */
  readonly volume: number | undefined;
  readonly diameter: Diameter | undefined;
}

/** Masks are never changed in place, so what was measured of one stays true: an edit of one slice measures that slice only. */
const diameters = new WeakMap<SliceMask, { readonly diameter: Diameter | undefined }>();
const counts = new WeakMap<SliceMask, number>();

const rememberedDiameter: typeof sliceDiameter = (mask, plane, k) => {
  const known = diameters.get(mask) ?? { diameter: sliceDiameter(mask, plane, k) };
  diameters.set(mask, known);
  return known.diameter;
};

const rememberedCount = (mask: SliceMask): number => {
  const known = counts.get(mask) ?? pixelCount(mask);
  counts.set(mask, known);
  return known;
};

/** @returns undefined for a segment without voxels */
export function measureShape(labelmap: Labelmap, number: number, { stack }: ImageSeries): ShapeMeasures | undefined {
  const voxels = voxelsOf(labelmap, number);
  const extent = segmentExtent(voxels, rememberedCount);
  if (extent === undefined) return undefined;
  return {
    extent,
    volume: segmentVolume(voxels, stack, rememberedCount),
    diameter: stack.use === 'view' ? undefined : longestDiameter(voxels, stack.planes, rememberedDiameter),
  };
}

/** Statistics of the values under a segment, in the units in which they are shown ({@link valueScaleOf}). Errors: those of reading the pixels. */
export async function measureIntensity(
  voxels: SegmentVoxels,
  series: ImageSeries,
  viewer: Pick<ViewerPort, 'slicePixels'>,
  options: CallOptions,
): Promise<Result<IntensityStatistics | undefined>> {
  const { factor } = valueScaleOf(series);
  let sums = NO_VALUES;
  for (const [k, mask] of voxels) {
    const image = await viewer.slicePixels(k, options);
    options.signal?.throwIfAborted();
    if (!image.ok) return image;
    sums = withSliceValues(sums, mask, image.value.values);
  }
  const statistics = statisticsOf(sums);
  return ok(statistics && scaledStatistics(statistics, factor));
}
