import { type AppError, appError } from '#core/errors.ts';
import type { SliceBox } from '#core/geometry/coordinates.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { PointPrompt } from '../prompt/modelPrompt.ts';

/** A slice about which the reader has said something: a box drawn, or the box of a mask accepted or edited. */
export interface Keyframe {
  readonly k: number;
  readonly box: SliceBox;
  readonly points: readonly PointPrompt[];
}

/**
 * All that the reader knows of one lesion. One box is enough; each end and each further box makes the plan surer. A box on
 * an end slice is a keyframe at `first` or `last`.
 */
export interface Knowledge {
  readonly keyframes: readonly Keyframe[];
  /** First and last slice with lesion, where the reader has said so. */
  readonly first?: number;
  readonly last?: number;
}

/** Where the slices are. */
export interface SliceGeometry {
  /** Position of each slice along the stack normal, mm, ascending; may be uneven. */
  readonly positions: readonly number[];
  /** mm between neighbouring columns and rows. */
  readonly columnSpacing: number;
  readonly rowSpacing: number;
}

/**
 * Keyframes in slice order.
 * @returns errors `no-keyframe`, `slice-outside-stack`, `two-boxes-on-a-slice`, `box-outside-range`
 */
export function orderedKeyframes(knowledge: Knowledge, slices: number): Result<readonly Keyframe[]> {
  const keyframes = [...knowledge.keyframes].sort((a, b) => a.k - b.k);
  const { first, last } = knowledge;
  if (keyframes.length === 0) {
    return refuse('no-keyframe', 'There is no box to start from.', 'Draw a box on the lesion.');
  }
  const named = [
    ...keyframes.map(({ k }) => k),
    ...(first === undefined ? [] : [first]),
    ...(last === undefined ? [] : [last]),
  ];
  if (named.some((k) => !Number.isInteger(k) || k < 0 || k >= slices)) {
    return refuse('slice-outside-stack', 'A slice number is outside the series.', `Use slices 0 to ${slices - 1}.`);
  }
  if (keyframes.some(({ k }, index) => keyframes[index + 1]?.k === k)) {
    return refuse('two-boxes-on-a-slice', 'A slice has two boxes for one lesion.', 'Keep one of them.');
  }
  if (keyframes.some(({ k }) => (first !== undefined && k < first) || (last !== undefined && k > last))) {
    return refuse(
      'box-outside-range',
      'A box lies outside the range of slices given.',
      'Widen the range or remove the box.',
    );
  }
  return ok(keyframes);
}

const refuse = (code: string, message: string, remedy: string): { readonly ok: false; readonly error: AppError } =>
  err(appError(code, message, { remedy }));
