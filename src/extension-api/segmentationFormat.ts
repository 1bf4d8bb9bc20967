import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';

export interface SegmentationRequest {
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly now: Date;
}

export interface EncodedSegmentation {
  readonly bytes: Uint8Array;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
}

/** Writes and reads segmentations; contributed by dicom-seg. */
export interface SegmentationFormat {
  encode(request: SegmentationRequest): Result<EncodedSegmentation>;
  /** Segments of an object on the slices of a series, or why they cannot be placed there. */
  decode(bytes: Uint8Array, series: ImageSeries): Result<Labelmap>;
  /** Decodes what was encoded and compares it voxel by voxel with the labelmap. */
  verify(bytes: Uint8Array, series: ImageSeries, labelmap: Labelmap): Result<{ readonly comparedVoxels: number }>;
  /** Whether two Part-10 files hold the same object content, whatever the archive did to its encoding. */
  sameContent(sent: Uint8Array, readBack: Uint8Array): Result<void>;
}
