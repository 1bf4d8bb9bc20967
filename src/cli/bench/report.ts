import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';

/** What `bench accuracy --json` writes, and `--against` and `--read` read. A change that is no addition needs a new version. */
const FORMAT = 'voxprompt-bench-accuracy';
export const REPORT_VERSION = 1;

const number = z.number();
const count = z.int().min(0);

const agreement = z.object({
  /** 3D Dice. */
  dice: number,
  /** Surface Dice at 2 mm. */
  surfaceDice: number,
  /** 95th percentile Hausdorff distance, mm; null where nothing was found. */
  hd95: number.nullable(),
});

const slice = z.object({
  k: count,
  dice: number,
  /** The model's own estimate; null where the model did not make the mask, or there is none. */
  score: number.nullable(),
  truthVoxels: count,
  foundVoxels: count,
  origin: z.string().nullable(),
});

const end = z.object({
  /** Slices beyond (+) or short of (-) the expert's end. */
  slices: z.int(),
  reason: z.string(),
});

const oneBox = agreement.extend({
  prompts: count,
  keySliceDice: number,
  /** Mean 2D Dice over the expert's slices. */
  meanSliceDice: number,
  ends: z.object({ 'towards-first': end, 'towards-last': end }),
  /** Every slice with lesion in the truth or in the result. */
  slices: z.array(slice),
  /** From the box to the lesion, nothing encoded before; on the wall, and of processor time over all threads. */
  seconds: number,
  cpuSeconds: number,
  slicesSegmented: count,
});

const step = agreement.extend({
  prompts: count,
  /** What the reader gave last: a box on slice k, or an end at slice k. */
  given: z.object({ kind: z.enum(['box', 'first', 'last']), k: count }),
  /** Time of this run; embeddings of the earlier ones are there. */
  seconds: number,
  cpuSeconds: number,
});

const caseResult = z.object({
  id: z.string(),
  patient: z.string(),
  modality: z.string(),
  /** As cases.json or --train says; null where neither does. */
  split: z.string().nullable(),
  lesionSlices: count,
  oneBox,
  /** Other series of the study that were looked at from one box, with the expected Dice of what was found in them. */
  registered: z.array(z.object({ modality: z.string(), score: number.nullable(), counted: z.boolean() })).optional(),
  /** Mean 2D Dice of slices that each have their own tight box. */
  everyBox: number.nullable(),
  /** One box and the two ends. */
  range: agreement.nullable(),
  /** Boxes on first, key and last slice. */
  threeBox: agreement.nullable(),
  /** After each prompt, the first one being the key box; ends early where no prompt is left that says anything new. */
  curve: z.array(step).nullable(),
  /** Largest resident set while the case ran, MiB. */
  peakMemory: number,
});

const summaryOf = z.object({
  n: count,
  mean: number.nullable(),
  median: number.nullable(),
  /** 95 %, bootstrap over patients. */
  interval: z.tuple([number, number]).nullable(),
});

const groupSummary = z.object({
  modality: z.string(),
  split: z.string().nullable(),
  cases: count,
  patients: count,
  measures: z.record(z.string(), summaryOf),
  /** 3D Dice by number of prompts, from 1; a case that needed no more keeps its last. */
  curve: z.array(summaryOf).nullable(),
  stopReasons: z.record(z.string(), count),
  score: z.object({
    slices: count,
    badSlices: count,
    /** Of a low score as a warning of a slice with Dice < 0.7; null where all are good or all bad. */
    auroc: number.nullable(),
    interval: z.tuple([number, number]).nullable(),
    /** Expected calibration error of the score as an estimate of Dice. */
    calibrationError: number,
    reliability: z.array(
      z.object({ from: number, to: number, n: count, meanScore: number, meanDice: number, bad: number }),
    ),
  }),
});

const comparison = z.object({
  modality: z.string(),
  measure: z.string(),
  n: count,
  /** This run minus the other. */
  difference: number.nullable(),
  interval: z.tuple([number, number]).nullable(),
  wins: count,
  ties: count,
  losses: count,
});

const benchReport = z.object({
  format: z.literal(FORMAT),
  version: z.literal(REPORT_VERSION),
  model: z.object({ id: z.string(), version: z.string() }),
  summaries: z.array(groupSummary),
  comparison: z.object({ against: z.string(), rows: z.array(comparison) }).nullable(),
  cases: z.array(caseResult),
});

export type BenchReport = Readonly<z.infer<typeof benchReport>>;
export type CaseResult = Readonly<z.infer<typeof caseResult>>;
export type OneBoxResult = Readonly<z.infer<typeof oneBox>>;
export type CurveStep = Readonly<z.infer<typeof step>>;
export type Agreement = Readonly<z.infer<typeof agreement>>;
export type MeasureSummary = Readonly<z.infer<typeof summaryOf>>;
export type GroupSummary = Readonly<z.infer<typeof groupSummary>>;
export type ComparisonRow = Readonly<z.infer<typeof comparison>>;

/** A report as it is written: checked, so that what is written can be read. */
export const reportText = (report: Omit<BenchReport, 'format' | 'version'>): string =>
  `${JSON.stringify(benchReport.parse({ format: FORMAT, version: REPORT_VERSION, ...report }), null, 2)}\n`;

/** Errors `file-unreadable`; `not-a-bench-report`, naming the first field that is wrong. */
export async function readReport(path: string): Promise<Result<BenchReport>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    return err(appError('file-unreadable', `${path} could not be read as JSON.`, { cause }));
  }
  const parsed = benchReport.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(
    appError('not-a-bench-report', `${path} is not a report of bench accuracy.`, {
      remedy: `Write one with --json; this version reads format ${FORMAT}, version ${REPORT_VERSION}.`,
      cause: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    }),
  );
}
