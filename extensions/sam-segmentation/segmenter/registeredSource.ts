import type { AppError } from '#core/errors.ts';
import type { ParallelShift } from '#core/geometry/parallelShift.ts';
import type { Result } from '#core/result.ts';
import type { InferenceOptions } from '../inference/model.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import type { VolumeAnswer } from '../volume/answer.ts';
import type { VolumeRegion } from '../volume/region.ts';
import type { RegionPrompt } from '../volume/regionPrompt.ts';
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

/** What is asked of each series: the same place, with the same prompts. */
export interface RegionQuestion {
  readonly region: VolumeRegion;
  readonly prompt: RegionPrompt;
}

/** What a region comes to once every series has been looked at. */
export interface JointAnswer {
  readonly answer: VolumeAnswer;
  readonly verdicts: readonly RegisteredVerdict[];
}

/**
 * How other series have their say in an answer: `withRegistered`, which a host that reads one series alone need not load.
 * @param own answer for the series that is segmented
 */
export type JoinOthers = (
  model: VolumeModel,
  own: VolumeAnswer,
  question: RegionQuestion,
  options: InferenceOptions,
) => Promise<Result<JointAnswer>>;
