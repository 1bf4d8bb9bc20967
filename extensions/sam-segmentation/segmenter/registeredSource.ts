import type { AppError } from '#core/errors.ts';
import type { ParallelShift } from '#core/geometry/parallelShift.ts';
import type { SliceSource } from './sliceSource.ts';

/** Another series that shows the same places of the patient: same frame of reference, slices parallel to those that are segmented. */
export interface RegisteredSource {
  readonly id: string;
  /** With the window through which the volume model sees its values. */
  readonly source: SliceSource;
  /** From the series that is segmented to this one. */
  readonly shift: ParallelShift;
}

/** What became of another series in one run. */
export interface RegisteredVerdict {
  readonly id: string;
  /** Expected Dice of what the model finds in it; undefined where it has no image round the box, or could not be read. */
  readonly score: number | undefined;
  /** Whether it had a say in the lesion. */
  readonly counted: boolean;
  readonly error?: AppError;
}

/** Series that have a say besides the one that is segmented. */
export interface RegisteredSources {
  /** Once they are read; those that cannot be are left out. Rejects where it is cancelled. */
  get(signal: AbortSignal | undefined): Promise<readonly RegisteredSource[]>;
  /** Told after each run what became of them. */
  readonly onVerdicts?: ((verdicts: readonly RegisteredVerdict[]) => void) | undefined;
}
