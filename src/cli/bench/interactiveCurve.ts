import { agreementBySlice, wrongVoxels } from '#core/agreement/overlap.ts';
import type { MaskGrid } from '#core/agreement/surfaceDistance.ts';
import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { Knowledge } from '../../../extensions/sam-segmentation/node.ts';
import { type LesionRunner, masksOf } from '../lesionRunner.ts';
import { agreementWith } from './agreementWith.ts';
import type { CurveStep } from './report.ts';
import type { Truth } from './truth.ts';

/** What a reader with the expert's eye does next. */
type Correction = CurveStep['given'];

/**
 * The worst slice by Dice (of equal ones, that with more wrong voxels) among those about which nothing was said yet. A slice
 * beyond the lesion cannot be boxed: there the reader draws the end in. undefined when every slice has been spoken for.
 */
export function nextCorrection(truth: Truth, found: SegmentVoxels, known: Knowledge): Correction | undefined {
  const boxed = new Set(known.keyframes.map(({ k }) => k));
  const worst = agreementBySlice(truth.masks, found)
    .filter(({ k, dice }) => !boxed.has(k) && dice < 1)
    .sort((a, b) => a.dice - b.dice || wrongVoxels(b) - wrongVoxels(a) || a.k - b.k)[0];
  if (worst === undefined) return undefined;
  if (worst.k < truth.first) return { kind: 'first', k: truth.first };
  if (worst.k > truth.last) return { kind: 'last', k: truth.last };
  return { kind: 'box', k: worst.k };
}

/** The knowledge with one correction more: the expert's tight box, or the expert's end. */
export function corrected(known: Knowledge, { kind, k }: Correction, truth: Truth): Knowledge {
  if (kind === 'first') return { ...known, first: k };
  if (kind === 'last') return { ...known, last: k };
  return { ...known, keyframes: [...known.keyframes, { k, box: truth.boxes.get(k)!, points: [] }] };
}

/**
 * One box, then the worst slice corrected again and again, the whole lesion made anew each time.
 * @param start the key box and the lesion that it gave
 * @returns a step per prompt, the first for the key box
 */
export async function interactiveCurve(
  runner: LesionRunner,
  truth: Truth,
  start: {
    readonly known: Knowledge;
    readonly found: SegmentVoxels;
    readonly seconds: number;
    readonly cpuSeconds: number;
  },
  prompts: number,
  grid: MaskGrid,
): Promise<Result<readonly CurveStep[]>> {
  let { known, found } = start;
  const given = { kind: 'box', k: known.keyframes[0]!.k } as const;
  const steps: CurveStep[] = [
    { prompts: 1, given, ...agreementWith(truth, found, grid), seconds: start.seconds, cpuSeconds: start.cpuSeconds },
  ];
  while (steps.length < prompts) {
    const correction = nextCorrection(truth, found, known);
    if (correction === undefined) break;
    known = corrected(known, correction, truth);
    const run = await runner.run(known);
    if (!run.ok) return run;
    found = masksOf(run.value.lesion);
    steps.push({
      prompts: steps.length + 1,
      given: correction,
      ...agreementWith(truth, found, grid),
      seconds: run.value.seconds,
      cpuSeconds: run.value.cpuSeconds,
    });
  }
  return ok(steps);
}
