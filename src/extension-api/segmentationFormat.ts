import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { AppError } from '#core/errors.ts';
import type { Labelmap } from '#core/labelmap/labelmap.ts';
import type { Result } from '#core/result.ts';

export interface SegmentationRequest {
  readonly series: ImageSeries;
  readonly labelmap: Labelmap;
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly now: Date;
  /** BINARY (the default) opens in every reader; LABELMAP in newer ones only, and without overlapping segments. */
  readonly kind?: 'BINARY' | 'LABELMAP';
  /** Makes it a revision: of the same series where one program wrote both, linked to what it revises either way. */
  readonly predecessor?: Predecessor | undefined;
}

/** The stored object that a new one succeeds. */
export interface Predecessor {
  readonly header: DicomDataset;
  /** Highest instance number of its series, where that could be asked; else its own is taken for that. */
  readonly lastInstanceNumber?: number | undefined;
}

export interface EncodedSegmentation {
  readonly bytes: Uint8Array;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  /** Header of the object, as a later revision needs it. */
  readonly header: DicomDataset;
}

/** What only the reader can decide about an object: never assumed, always asked. */
export interface PlacingChoices {
  /** Share of the maximum from which a fractional voxel counts as inside, 0..1. */
  readonly fractionThreshold?: number;
  /** Consent to nearest-neighbour resampling where the object lies on another grid; voxels outside of the series are dropped. */
  readonly resample?: boolean;
}

/** Why an object cannot be placed on a series. */
export interface PlacingRefusal extends AppError {
  /** The choice with which it could; absent where none helps. */
  readonly choice?: keyof PlacingChoices;
}

/** Something that the reader should know about an object that was read: what was assumed, changed or left out. */
export interface SegmentationNote {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
}

export interface PlacedSegmentation {
  readonly labelmap: Labelmap;
  readonly notes: readonly SegmentationNote[];
  /** Header of the object. */
  readonly header: DicomDataset;
}

/** Writes and reads segmentations; contributed by dicom-seg. */
export interface SegmentationFormat {
  encode(request: SegmentationRequest): Result<EncodedSegmentation>;
  /** Segments of an object on the slices of a series, or why they cannot be placed there and what would help. */
  decode(bytes: Uint8Array, series: ImageSeries, choices?: PlacingChoices): Result<PlacedSegmentation, PlacingRefusal>;
  /** Decodes what was encoded and compares it voxel by voxel with the labelmap. */
  verify(bytes: Uint8Array, series: ImageSeries, labelmap: Labelmap): Result<{ readonly comparedVoxels: number }>;
  /** Whether two Part-10 files hold the same object content, whatever the archive did to its encoding. */
  sameContent(sent: Uint8Array, readBack: Uint8Array): Result<void>;
}
