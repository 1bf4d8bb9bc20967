import type { AppError } from '#core/errors.ts';
import type { Lesion } from './sessionState.ts';

/** Why the last run or preview of a lesion failed; undefined where none did. */
export function failureOf(lesion: Lesion): AppError | undefined {
  if (!('keyframes' in lesion)) return undefined;
  const problem = 'problem' in lesion ? lesion.problem : undefined;
  return (
    problem ?? [...lesion.keyframes.values()].flatMap((frame) => (frame.status === 'failed' ? [frame.error] : []))[0]
  );
}
