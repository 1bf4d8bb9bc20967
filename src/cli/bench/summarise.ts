import { bootstrapInterval, byPatient, type Interval, meanInterval } from '#core/statistics/bootstrap.ts';
import { badSliceAuroc, reliabilityOf } from '#core/statistics/calibration.ts';
import { mean, median } from '#core/statistics/summary.ts';
import type { CaseResult, GroupSummary, MeasureSummary } from './report.ts';

/** What is summarised, by name: null where the case has no such value. */
export const MEASURES: Readonly<Record<string, (result: CaseResult) => number | null>> = {
  dice: ({ oneBox }) => oneBox.dice,
  surfaceDice: ({ oneBox }) => oneBox.surfaceDice,
  hd95: ({ oneBox }) => oneBox.hd95,
  keySliceDice: ({ oneBox }) => oneBox.keySliceDice,
  meanSliceDice: ({ oneBox }) => oneBox.meanSliceDice,
  endError: ({ oneBox }) => mean(Object.values(oneBox.ends).map(({ slices }) => Math.abs(slices))),
  endBias: ({ oneBox }) => mean(Object.values(oneBox.ends).map(({ slices }) => slices)),
  rangeDice: ({ range }) => range?.dice ?? null,
  threeBoxDice: ({ threeBox }) => threeBox?.dice ?? null,
  everyBoxDice: ({ everyBox }) => everyBox,
  seconds: ({ oneBox }) => oneBox.seconds,
  cpuSeconds: ({ oneBox }) => oneBox.cpuSeconds,
  peakMemory: ({ peakMemory }) => peakMemory,
};

/** Dice below which a slice should have been warned of. */
export const BAD_SLICE = 0.7;

/** Fewer draws than for a mean: each one ranks all slices. */
const AUROC_RESAMPLES = 1000;

/** One summary per modality and split: patients that were trained on never meet the others. */
export function summariesOf(cases: readonly CaseResult[]): readonly GroupSummary[] {
  const groups = new Map<string, CaseResult[]>();
  for (const result of cases) {
    const name = JSON.stringify([result.split, result.modality]);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups.values()].map(summaryOfGroup);
}

function summaryOfGroup(cases: readonly CaseResult[]): GroupSummary {
  const [{ modality, split }] = cases as [CaseResult];
  const patients = byPatient(cases, ({ patient }) => patient);
  return {
    modality,
    split,
    cases: cases.length,
    patients: patients.length,
    measures: Object.fromEntries(
      Object.entries(MEASURES).map(([name, measure]) => [name, measureSummary(patients, measure)]),
    ),
    curve: curveOf(patients),
    stopReasons: stopReasonsOf(cases),
    score: scoreOf(patients),
  };
}

function measureSummary(
  patients: readonly (readonly CaseResult[])[],
  measure: (result: CaseResult) => number | null,
): MeasureSummary {
  const clusters = patients
    .map((cases) => cases.map(measure).filter((value): value is number => value !== null))
    .filter((values) => values.length > 0);
  const values = clusters.flat();
  if (values.length === 0) return { n: 0, mean: null, median: null, interval: null };
  return {
    n: values.length,
    mean: mean(values),
    median: median(values),
    interval: pairOf(meanInterval(clusters)),
  };
}

/** By number of prompts; a case whose curve is shorter needed no more and keeps its last value. */
function curveOf(patients: readonly (readonly CaseResult[])[]): MeasureSummary[] | null {
  const longest = Math.max(0, ...patients.flat().map(({ curve }) => curve?.length ?? 0));
  if (longest === 0) return null;
  return Array.from({ length: longest }, (_, index) =>
    measureSummary(patients, ({ curve }) => curve?.[Math.min(index, curve.length - 1)]?.dice ?? null),
  );
}

function stopReasonsOf(cases: readonly CaseResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { oneBox } of cases) {
    for (const { reason } of Object.values(oneBox.ends)) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

function scoreOf(patients: readonly (readonly CaseResult[])[]): GroupSummary['score'] {
  const scored = patients.map((cases) =>
    cases.flatMap(({ oneBox }) =>
      oneBox.slices.flatMap(({ score, dice }) => (score === null ? [] : [{ score, dice }])),
    ),
  );
  const all = scored.flat();
  const auroc = badSliceAuroc(all, BAD_SLICE);
  const { bins, error } = reliabilityOf(all, BAD_SLICE);
  const interval = bootstrapInterval(scored, (drawn) => badSliceAuroc(drawn, BAD_SLICE), {
    resamples: AUROC_RESAMPLES,
  });
  return {
    slices: all.length,
    badSlices: all.filter(({ dice }) => dice < BAD_SLICE).length,
    auroc: Number.isNaN(auroc) ? null : auroc,
    interval: pairOf(interval),
    calibrationError: error,
    reliability: [...bins],
  };
}

const pairOf = (interval: Interval | undefined): [number, number] | null =>
  interval === undefined ? null : [interval[0], interval[1]];
