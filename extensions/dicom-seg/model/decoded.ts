import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { ImagePlane } from '#core/geometry/imagePlane.ts';
import type { Segment } from '#core/labelmap/segment.ts';

/** An image that a frame was derived from. */
export interface SourceReference {
  readonly sopInstanceUID: string;
  /** 1-based; undefined where the reference names no frame. */
  readonly frameNumber: number | undefined;
}

export interface DecodedFrame {
  /** 0-based index of the stored frame. */
  readonly index: number;
  /** Undefined in a label map, whose pixels are segment numbers. */
  readonly segmentNumber: number | undefined;
  /** Undefined where the object gives the frame no position. */
  readonly plane: ImagePlane | undefined;
  readonly sources: readonly SourceReference[];
}

/** Something that the reader should know about an object that was read. */
export interface Note {
  readonly code: string;
  readonly message: string;
}

/** What is in a segmentation object, before it is placed on a series. */
export interface DecodedSegmentation {
  readonly dataset: DicomDataset;
  readonly kind: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly columns: number;
  readonly rows: number;
  /** Numbers are those of the object. */
  readonly segments: readonly Segment[];
  readonly frames: readonly DecodedFrame[];
  /** Stored values of one frame: 0 and 1, fractions of `maximum`, or segment numbers. */
  readonly storedFrame: (index: number) => Uint8Array | Uint16Array;
  /** Present where kind is FRACTIONAL. */
  readonly fraction?: { readonly type: string; readonly maximum: number };
  readonly notes: readonly Note[];
}
