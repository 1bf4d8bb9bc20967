import { dice } from '#core/agreement/overlap.ts';
import type { MaskGrid } from '#core/agreement/surfaceDistance.ts';
import { ok, type Result } from '#core/result.ts';
import { mean } from '#core/statistics/summary.ts';
import type { Knowledge, RegisteredVerdict } from '../../../extensions/sam-segmentation/node.ts';
import { createLesionRunner, type LesionRunner, masksOf } from '../lesionRunner.ts';
import { type Models, volumeSegmenterFor } from '../model.ts';
import { agreementWith, gridOf, oneBoxResult } from './agreementWith.ts';
import type { BenchCase } from './cases.ts';
import { interactiveCurve } from './interactiveCurve.ts';
import { type OpenCase, openCase } from './openCase.ts';
import { withPeakMemory } from './peakMemory.ts';
import type { CaseResult } from './report.ts';
import type { Truth } from './truth.ts';

/** What to run beside the one box. */
export interface Protocols {
  /** Known ends, three boxes, a box on every slice: they tell how much of the error is whose. */
  readonly more: boolean;
  /** Length of the interactive curve; 1 for none. */
  readonly prompts: number;
  /** Without the other series of the study. */
  readonly alone: boolean;
}

/**
 * All protocols on one case. The one box comes first, with nothing encoded; the others use its embeddings.
 * @returns errors of reading the images and the mask, and of the model
 */
export async function runCase(benchCase: BenchCase, models: Models, protocols: Protocols): Promise<Result<CaseResult>> {
  const { value: result, peak } = await withPeakMemory(async () => {
    const beside = protocols.alone ? undefined : models.propagating?.manifest;
    const opened = await openCase(benchCase, { prompting: models.prompting.manifest, beside });
    if (!opened.ok) return opened;
    const { source, registered } = opened.value;
    let verdicts: readonly RegisteredVerdict[] = [];
    const volume = volumeSegmenterFor(models, source, registered, (said) => {
      verdicts = said;
    });
    const runner = createLesionRunner(models.prompting, source, volume);
    try {
      return await measured(benchCase, opened.value, runner, protocols, () => registeredResult(registered, verdicts));
    } finally {
      runner.release();
    }
  });
  return result.ok ? ok({ ...result.value, peakMemory: peak }) : result;
}

async function measured(
  { id, patient, split, modality, box }: BenchCase,
  { k, truth, source }: OpenCase,
  runner: LesionRunner,
  { more, prompts }: Protocols,
  besides: () => CaseResult['registered'],
): Promise<Result<Omit<CaseResult, 'peakMemory'>>> {
  const grid = gridOf(source);
  const known: Knowledge = { keyframes: [{ k, box, points: [] }] };
  const run = await runner.run(known);
  if (!run.ok) return run;
  const { lesion, seconds, cpuSeconds } = run.value;
  const registered = besides();
  const start = { known, found: masksOf(lesion), seconds, cpuSeconds };
  const others = more ? await otherProtocols(runner, truth, known, grid) : ok(NOT_RUN);
  if (!others.ok) return others;
  const curve = prompts > 1 ? await interactiveCurve(runner, truth, start, prompts, grid) : ok(undefined);
  if (!curve.ok) return curve;
  return ok({
    id,
    patient,
    modality,
    split: split ?? null,
    lesionSlices: truth.masks.size,
    oneBox: oneBoxResult(truth, k, run.value, grid),
    registered,
    ...others.value,
    curve: curve.value === undefined ? null : [...curve.value],
  });
}

/** What became of the other series in the run from one box. */
const registeredResult = (
  registered: OpenCase['registered'],
  verdicts: readonly RegisteredVerdict[],
): CaseResult['registered'] =>
  verdicts.map(({ id, score, counted }) => ({
    modality: registered.find((series) => series.id === id)?.modality ?? '',
    score: score ?? null,
    counted,
  }));

const NOT_RUN = { everyBox: null, range: null, threeBox: null };

async function otherProtocols(runner: LesionRunner, truth: Truth, known: Knowledge, grid: MaskGrid) {
  const { first, last } = truth;
  const every: number[] = [];
  for (const [k, box] of truth.boxes) {
    const segmented = await runner.segmenterFor([box]).segment(k, { box, points: [] });
    if (!segmented.ok) return segmented;
    every.push(dice(new Map([[k, truth.masks.get(k)!]]), new Map([[k, segmented.value.mask]])));
  }
  const range = await runner.run({ ...known, first, last });
  if (!range.ok) return range;
  const threeBox = await runner.run(threeBoxes(known, truth));
  if (!threeBox.ok) return threeBox;
  const agreement = (run: typeof range.value) => agreementWith(truth, masksOf(run.lesion), grid);
  return ok({ everyBox: mean(every), range: agreement(range.value), threeBox: agreement(threeBox.value) });
}

function threeBoxes({ keyframes: [key] }: Knowledge, { boxes, first, last }: Truth): Knowledge {
  const ends = [...new Set([first, last])].filter((k) => k !== key!.k);
  return { keyframes: [key!, ...ends.map((k) => ({ k, box: boxes.get(k)!, points: [] }))], first, last };
}
