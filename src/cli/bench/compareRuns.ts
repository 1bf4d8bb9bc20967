import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { comparePairs } from '#core/statistics/paired.ts';
import type { CaseResult, ComparisonRow } from './report.ts';
import { MEASURES } from './summarise.ts';

/** Differences up to this are ties: less than what a box drawn a pixel wider changes. */
const COMPARED: readonly { readonly measure: string; readonly tie: number; readonly better: 'higher' | 'lower' }[] = [
  { measure: 'dice', tie: 0.005, better: 'higher' },
  { measure: 'surfaceDice', tie: 0.005, better: 'higher' },
  { measure: 'hd95', tie: 0.1, better: 'lower' },
  { measure: 'keySliceDice', tie: 0.005, better: 'higher' },
  { measure: 'endError', tie: 0, better: 'lower' },
  { measure: 'seconds', tie: 0.1, better: 'lower' },
];

/**
 * Two runs on the cases that both have, by modality.
 * @returns error `no-shared-cases`
 */
export function compareRuns(
  now: readonly CaseResult[],
  before: readonly CaseResult[],
): Result<readonly ComparisonRow[]> {
  const earlier = new Map(before.map((result) => [result.id, result]));
  const shared = now.flatMap((result) => {
    const other = earlier.get(result.id);
    return other === undefined ? [] : [{ result, other }];
  });
  if (shared.length === 0) {
    return err(appError('no-shared-cases', 'The two runs have no case in common, so they cannot be compared.'));
  }
  const modalities = [...new Set(shared.map(({ result }) => result.modality))];
  return ok(
    modalities.flatMap((modality) =>
      COMPARED.map(({ measure, tie, better }) => {
        const measured = MEASURES[measure]!;
        const pairs = shared
          .filter(({ result }) => result.modality === modality)
          .flatMap(({ result, other }) => {
            const [value, former] = [measured(result), measured(other)];
            return value === null || former === null ? [] : [{ patient: result.patient, now: value, before: former }];
          });
        const { n, difference, interval, wins, ties, losses } = comparePairs(pairs, tie, better);
        return {
          modality,
          measure,
          n,
          difference: n === 0 ? null : difference,
          interval: interval === undefined ? null : [interval[0], interval[1]],
          wins,
          ties,
          losses,
        };
      }),
    ),
  );
}
