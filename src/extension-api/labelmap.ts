import type { DicomDataset } from '#core/dicom/dataset.ts';
import type { Journal } from '#core/labelmap/journal.ts';
import type { Labelmap, SliceMask } from '#core/labelmap/labelmap.ts';
import type { Rgb, Segment } from '#core/labelmap/segment.ts';
import type { ReadableState } from './state.ts';

/** What is shown before it is accepted: never saved, never in the journal. */
export interface Preview {
  readonly color: Rgb;
  readonly slices: ReadonlyMap<number, SliceMask>;
}

export interface LabelmapState {
  readonly journal: Journal;
  readonly activeSegment: number | undefined;
  readonly preview: Preview | undefined;
  /** Header of the stored object that the labelmap was loaded from or last stored as: what a revision succeeds. */
  readonly origin?: DicomDataset | undefined;
}

/** The labelmap of the open series. One instance per host; emptied when another series opens. */
export interface LabelmapPort {
  readonly state: ReadableState<LabelmapState>;
  /** One undo step. */
  commit(label: string, next: Labelmap): void;
  /** Starts a new history: a labelmap that was loaded. @param origin header of the object that it was loaded from */
  replace(labelmap: Labelmap, origin?: DicomDataset): void;
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
