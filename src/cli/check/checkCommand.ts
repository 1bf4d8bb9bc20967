import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type AppError, appError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import { err, ok } from '#core/result.ts';
import { checkSegmentation, type Finding } from '../../../extensions/dicom-seg/node.ts';
import { readSeries, type SeriesFiles } from '../series/readSeries.ts';
import { usageError } from '../usage.ts';
import { type CheckerReport, dcentvfy, dciodvfy } from './externalCheckers.ts';

interface CheckOptions {
  readonly file: string;
  readonly source?: string | undefined;
  readonly series?: string | undefined;
  readonly json: boolean;
}

/** What was found in a segmentation, by us and by the checkers that this machine has. */
export interface CheckReport {
  readonly findings: readonly Finding[];
  readonly checkers: readonly CheckerReport[];
}

/** `voxprompt check`: the report on standard output; it fails with `check-failed` where anything is wrong. */
export async function checkCommand(args: readonly string[]): Promise<AppError | undefined> {
  const options = checkOptions(args);
  if (!options.ok) return options.error;
  const report = await check(options.value);
  if (!report.ok) return report.error;
  const { findings, checkers } = report.value;
  if (options.value.json) console.log(JSON.stringify(report.value));
  else for (const line of reportLines(report.value)) console.log(line);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const failed = checkers.filter(({ outcome }) => outcome === 'failed').map(({ checker }) => checker);
  if (errors === 0 && failed.length === 0) return undefined;
  const who = [...(errors === 0 ? [] : [`${errors} found here`]), ...failed.map((name) => `refused by ${name}`)];
  return appError('check-failed', `The segmentation is not in order: ${who.join(', ')}.`);
}

/** Errors `file-unreadable` and those of {@link readSeries}. */
export async function check({ file, source, series }: CheckOptions): Promise<Result<CheckReport>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    return err(appError('file-unreadable', `${file} could not be read.`, { remedy: 'Name a DICOM file.', cause }));
  }
  let images: SeriesFiles | undefined;
  if (source !== undefined) {
    const read = await readSeries(source, series);
    if (!read.ok) return read;
    images = read.value;
  }
  const findings = checkSegmentation(bytes, images?.series);
  const paths = images === undefined ? [] : [...images.files.values()].map(({ name }) => join(source ?? '.', name));
  return ok({ findings, checkers: [dciodvfy(file), ...(paths.length === 0 ? [] : [dcentvfy(file, paths)])] });
}

function checkOptions(args: readonly string[]): Result<CheckOptions> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { source: { type: 'string' }, series: { type: 'string' }, json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return err(usageError('Name one file to check.'));
    return ok({ file, source: values.source, series: values.series, json: values.json });
  } catch (thrown) {
    return err(usageError(thrown instanceof Error ? thrown.message.split('. ')[0]! : 'The command line is wrong.'));
  }
}

function reportLines({ findings, checkers }: CheckReport): readonly string[] {
  const own = findings.map(({ severity, message }) => `${severity === 'error' ? 'ERROR' : 'note '}  ${message}`);
  const others = checkers.flatMap(({ checker, outcome, lines }) => [
    `${checker}: ${outcome === 'absent' ? 'not on this machine' : outcome}`,
    ...lines.map((line) => `  ${line}`),
  ]);
  return [...(own.length === 0 ? ['VoxPrompt: nothing found'] : ['VoxPrompt:', ...own]), ...others];
}
