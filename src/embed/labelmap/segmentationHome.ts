import type { Segment } from '#core/labelmap/segment.ts';

/** A segmentation of the host in which the labelmap lives: one image of labels per slice. */
export interface HeldSegmentation {
  readonly segmentationId: string;
  /** Cornerstone's id of the label image of slice k. */
  readonly imageIds: readonly string[];
}

/** Where a host keeps segmentations: Cornerstone's own state, or a service on top of it. */
export interface SegmentationHome {
  /** The segmentation, made where there is none; asked for when there is something to write. */
  hold(segments: readonly Segment[]): Promise<HeldSegmentation>;
  /** Names and colours, after the segments have changed. */
  describe(held: HeldSegmentation, segments: readonly Segment[]): void;
  /** Shows it in these viewports; again and again with the same ones. */
  show(held: HeldSegmentation, viewportIds: readonly string[], segments: readonly Segment[]): void;
  /** What the host knows of a segment that its own tools, or an archive, have brought. */
  segmentOf?(held: HeldSegmentation, number: number): Partial<Pick<Segment, 'label'>>;
  /** The series is another one. */
  leave(): void;
}
