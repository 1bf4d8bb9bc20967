import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { openModels } from '../model.ts';
import { type AccuracyOptions, accuracyOptions } from './accuracyOptions.ts';
import { caseLine, comparisonText, groupText } from './accuracyTables.ts';
import { readCases } from './cases.ts';
import { compareRuns } from './compareRuns.ts';
import { type BenchReport, type CaseResult, readReport, reportText } from './report.ts';
import { runCase } from './runCase.ts';
import { summariesOf } from './summarise.ts';

/** `voxprompt bench accuracy`: a line per case as it is done, then what each modality comes to. */
export async function accuracyCommand(args: readonly string[]): Promise<AppError | undefined> {
  const options = accuracyOptions(args);
  if (!options.ok) return options.error;
  const { from, json, against } = options.value;
  // Before the hours of work, not after.
  const other = against === undefined ? ok(undefined) : await readReport(against);
  if (!other.ok) return other.error;
  const measured = 'report' in from ? await readReport(from.report) : await run(from.cases, options.value);
  if (!measured.ok) return measured.error;

  const { model } = measured.value;
  const cases = selected(measured.value.cases, options.value);
  const summaries = summariesOf(cases);
  console.log(`\n${summaries.map(groupText).join('\n\n')}`);
  let comparison: BenchReport['comparison'] = null;
  if (against !== undefined && other.value !== undefined) {
    const rows = compareRuns(cases, other.value.cases);
    if (!rows.ok) return rows.error;
    console.log(`\nagainst ${other.value.model.id} ${other.value.model.version}, ${basename(against)}`);
    console.log(comparisonText(rows.value));
    comparison = { against: basename(against), rows: [...rows.value] };
  }
  if (json === undefined) return undefined;
  try {
    await writeFile(json, reportText({ model, summaries: [...summaries], comparison, cases: [...cases] }));
  } catch (cause) {
    return appError('not-written', `${json} could not be written.`, { cause });
  }
  return undefined;
}

async function run(folder: string, options: AccuracyOptions): Promise<Result<Pick<BenchReport, 'model' | 'cases'>>> {
  const cases = await readCases(folder, options);
  if (!cases.ok) return cases;
  const opened = await openModels(options);
  if (!opened.ok) return opened;
  const model = opened.value;
  const { id, version } = model;
  const results: CaseResult[] = [];
  try {
    for (const benchCase of cases.value) {
      const result = await runCase(benchCase, model, options);
      if (!result.ok) {
        const { message } = result.error;
        return err({
          ...result.error,
          message: message.startsWith(benchCase.id) ? message : `${benchCase.id}: ${message}`,
        });
      }
      results.push(result.value);
      console.log(caseLine(result.value));
    }
  } finally {
    await model.dispose();
  }
  return ok({ model: { id, version }, cases: results });
}

/** What of a stored report is asked for, under the splits that are named now. */
function selected(cases: readonly CaseResult[], options: AccuracyOptions): readonly CaseResult[] {
  const { modalities, ids, patients, trained } = options;
  return cases
    .filter(({ modality }) => modalities?.includes(modality) ?? true)
    .filter(({ id }) => ids?.some((start) => id.startsWith(start)) ?? true)
    .filter(({ patient }) => patients?.includes(patient) ?? true)
    .map((result) =>
      trained.length === 0 ? result : { ...result, split: trained.includes(result.patient) ? 'train' : 'unseen' },
    );
}
