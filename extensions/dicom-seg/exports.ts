import { gzipSync } from 'fflate';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import {
  type IntensityStatistics,
  NO_VALUES,
  scaledStatistics,
  statisticsOf,
  withSliceValues,
} from '#core/labelmap/measureIntensity.ts';
import type { SliceImage } from '#core/pixels/sliceImage.ts';
import { ok, type Result } from '#core/result.ts';
import type { CallOptions } from '#extension-api';
import { decodeSegmentation } from './decode.ts';
import { part10File } from './encode.ts';
import { placeOnSeries } from './model/place.ts';
import type { SegmentationContent } from './model/revision.ts';
import { niftiVolumes } from './nifti/niftiVolume.ts';
import { buildMeasurementReport } from './report/measurementReport.ts';
import { intensityConcept } from './report/segmentMeasures.ts';
import { IMPLEMENTATION_CLASS_UID, VOXPROMPT } from './software.ts';

/** A file for the reader; its name says nothing of the patient. */
export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Compressed NIfTI-1: one label map, or one mask per segment where segments overlap. Errors: those of {@link niftiVolumes}. */
export function exportNifti(series: ImageSeries, labelmap: Labelmap): Result<readonly ExportedFile[]> {
  const volumes = niftiVolumes(series, labelmap);
  if (!volumes.ok) return volumes;
  const single = volumes.value.length === 1;
  return ok(
    volumes.value.map(({ bytes }, index) => ({
      name: single ? 'segmentation.nii.gz' : `segmentation-${index + 1}.nii.gz`,
      mediaType: 'application/gzip',
      // Label maps are mostly one long run: the fastest level already makes them small. No time stamp, so equal work gives equal files.
      bytes: gzipSync(bytes, { level: 1, mtime: 0 }),
    })),
  );
}

export interface ReportSource {
  /** The segmentation that the report refers to: what it holds is what is measured. */
  readonly segmentation: Uint8Array;
  readonly series: ImageSeries;
  readonly content: SegmentationContent;
  readonly uids: () => string;
  readonly slicePixels: (k: number, options?: CallOptions) => Promise<Result<SliceImage>>;
}

/**
 * A measurement report on the segments of a segmentation, as a Part-10 file.
 * @returns errors of reading the segmentation, of reading pixels, and of {@link buildMeasurementReport}
 */
export async function encodeMeasurementReport(
  source: ReportSource,
  options: CallOptions = {},
): Promise<Result<Uint8Array>> {
  const { series, content, uids } = source;
  const decoded = decodeSegmentation(source.segmentation);
  if (!decoded.ok) return decoded;
  const placed = placeOnSeries(decoded.value, series);
  if (!placed.ok) return placed;
  const intensities = await intensitiesOf(source, placed.value, options);
  if (!intensities.ok) return intensities;
  const built = buildMeasurementReport({
    series,
    segmentation: decoded.value.dataset,
    labelmap: placed.value,
    intensities: intensities.value,
    content,
    software: { ...VOXPROMPT, deviceUid: IMPLEMENTATION_CLASS_UID },
    uids,
  });
  return built.ok ? part10File(built.value) : built;
}

/** Nothing is read where the values have no unit that a report could name. */
async function intensitiesOf(
  { series, slicePixels }: ReportSource,
  { voxels }: Labelmap,
  options: CallOptions,
): Promise<Result<ReadonlyMap<number, IntensityStatistics>>> {
  const found = new Map<number, IntensityStatistics>();
  const concept = intensityConcept(series);
  if (concept === undefined) return ok(found);
  for (const [number, slices] of voxels) {
    let sums = NO_VALUES;
    for (const [k, mask] of slices) {
      const image = await slicePixels(k, options);
      options.signal?.throwIfAborted();
      if (!image.ok) return image;
      sums = withSliceValues(sums, mask, image.value.values);
    }
    const statistics = statisticsOf(sums);
    if (statistics !== undefined) found.set(number, scaledStatistics(statistics, concept.factor));
  }
  return ok(found);
}
