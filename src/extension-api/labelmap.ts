import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { Journal } from '#core/labelmap/journal.ts';
import type { Labelmap, SegmentVoxels, SliceMask } from '#core/labelmap/labelmap.ts';
import type { Rgb, Segment } from '#core/labelmap/segment.ts';
import type { ReadableState } from './state.ts';

/** What is shown before it is accepted: never saved, never in the journal. */
export interface Preview {
  readonly color: Rgb;
  readonly slices: ReadonlyMap<number, SliceMask>;
  /** Slices on which it stands for all of a segment, which is not drawn there: something was taken from it. */
  readonly instead?: { readonly segment: number; readonly slices: ReadonlySet<number> };
}

/** A step that can be taken back, or taken again. */
export interface PendingStep {
  /** For the undo button: 'Box on slice 12'. */
  readonly label: string;
  run(): void;
}

/**
 * Work that is not accepted yet, but is edited as a segment is: brush, fill, smooth, undo. Its owner keeps it and shows it as the
 * {@link Preview}.
 */
export interface PendingWork {
  /** 'Lesion under review'. */
  readonly label: string;
  /** As it is now; undefined where there is nothing to edit. While it is defined, edits go here and not into a segment. */
  readonly voxels: SegmentVoxels | undefined;
  /** Voxels of the segment that it goes into, which a brush works on as well: they come back in what is drawn by hand. */
  under?(k: number): SliceMask | undefined;
  /** @param by `hand`: the reader drew these slices; `rule`: they were computed from what there was */
  edit(label: string, slices: ReadonlyMap<number, SliceMask>, by: 'hand' | 'rule'): void;
  /** Come before the journal's own steps. */
  readonly undo: PendingStep | undefined;
  readonly redo: PendingStep | undefined;
}

export interface LabelmapState {
  readonly journal: Journal;
  readonly activeSegment: number | undefined;
  readonly preview: Preview | undefined;
  readonly pending?: PendingWork | undefined;
  /** Header of the stored object that the labelmap was loaded from or last stored as: what a revision succeeds. */
  readonly origin?: DicomDataset | undefined;
}

/** The labelmap of the open series. One instance per host; emptied when another series opens. */
export interface LabelmapPort {
  readonly state: ReadableState<LabelmapState>;
  /** One undo step. */
  commit(label: string, next: Labelmap): void;
  setPending(work: PendingWork | undefined): void;
  /** Starts a new history: a labelmap that was loaded. @param origin header of the object that it was loaded from */
  replace(labelmap: Labelmap, origin?: DicomDataset): void;
  /** The last step of the pending work, else of the journal. */
  undo(): void;
  redo(): void;
  setPreview(preview: Preview | undefined): void;
  setActiveSegment(number: number | undefined): void;
  /**
   * The history as it was when what is now proved to be stored was encoded: until a later step exists, leaving the page no
   * longer asks.
   * @param origin header of the object that it was stored as
   */
  markSaved(journal: Journal, origin?: DicomDataset): void;
  /** A new segment with defaults, not yet committed: the caller puts it into the labelmap that it commits. */
  draftSegment(change?: Partial<Omit<Segment, 'number'>>): Segment;
}
