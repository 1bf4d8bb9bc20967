import { writeFile } from 'node:fs/promises';
import { type AppError, appError } from '#core/errors.ts';
import { openModel } from '../model.ts';
import { table } from '../print.ts';
import { parsed, positive, usageError } from '../usage.ts';
import { readCases } from './cases.ts';
import { type CaseResult, runCase } from './runCase.ts';
import { bootstrapInterval, mean, median } from './statistics.ts';

const PROTOCOLS = ['key', 'everyBox', 'prior', 'range', 'threeBox'] as const;

interface Summary {
  readonly mean: number;
  readonly median: number;
  readonly interval: readonly [number, number];
}

/** `voxprompt bench accuracy`: a line per case as it is done, then the summary per modality. */
export async function accuracyCommand(args: readonly string[]): Promise<AppError | undefined> {
  const values = parsed(args, {
    cases: { type: 'string' },
    json: { type: 'string' },
    modality: { type: 'string' },
    case: { type: 'string' },
    model: { type: 'string' },
    threads: { type: 'string' },
  });
  if (!values.ok) return values.error;
  const { cases: folder, json, modality, case: ids, model: name, threads } = values.value;
  if (folder === undefined) return usageError('--cases is missing.');
  const count = positive(threads, '--threads');
  if (!count.ok) return count.error;
  const cases = await readCases(folder, { modalities: modality?.split(','), ids: ids?.split(',') });
  if (!cases.ok) return cases.error;
  const model = await openModel(name, count.value);
  if (!model.ok) return model.error;

  const results: CaseResult[] = [];
  for (const benchCase of cases.value) {
    const result = await runCase(benchCase, model.value);
    if (!result.ok) return result.error;
    results.push(result.value);
    console.log(caseLine(result.value));
  }
  const { id, version } = model.value.manifest;
  await model.value.dispose();
  const modalities = [...new Set(results.map((result) => result.modality))];
  const summaries = modalities.map((kind) => ({
    modality: kind,
    ...summaryOf(results.filter((r) => r.modality === kind)),
  }));
  console.log(`\n${summaryTable(summaries)}`);
  if (json === undefined) return undefined;
  const report = { model: { id, version }, protocols: PROTOCOLS, summaries, cases: results };
  try {
    await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    return appError('not-written', `${json} could not be written.`, { cause });
  }
  return undefined;
}

function caseLine({ id, ends, seconds, slicesSegmented, ...scores }: CaseResult): string {
  const end = (name: keyof typeof ends): string =>
    `${ends[name].slices > 0 ? '+' : ''}${ends[name].slices} ${ends[name].reason}`;
  const numbers = PROTOCOLS.map((protocol) => `${protocol} ${scores[protocol].toFixed(3)}`).join('  ');
  return `${id.padEnd(14)} ${numbers}  ends ${end('towards-first')}, ${end('towards-last')}  ${seconds.toFixed(0)} s, ${slicesSegmented} slices`;
}

function summaryOf(results: readonly CaseResult[]) {
  const of = (protocol: (typeof PROTOCOLS)[number]): Summary => {
    const values = results.map((result) => result[protocol]);
    return { mean: mean(values), median: median(values), interval: bootstrapInterval(values) };
  };
  const offsets = results.flatMap(({ ends }) => Object.values(ends).map(({ slices }) => slices));
  return {
    n: results.length,
    key: of('key'),
    everyBox: of('everyBox'),
    prior: of('prior'),
    range: of('range'),
    threeBox: of('threeBox'),
    endErrorSlices: mean(offsets.map(Math.abs)),
    endBiasSlices: mean(offsets),
    seconds: median(results.map(({ seconds }) => seconds)),
  };
}

function summaryTable(summaries: readonly ({ readonly modality: string } & ReturnType<typeof summaryOf>)[]): string {
  const three = (value: number): string => value.toFixed(3);
  const cell = ({ mean: average, median: middle, interval: [low, high] }: Summary): string =>
    `${three(average)}/${three(middle)} [${three(low)} ${three(high)}]`;
  return table([
    [
      'modality (mean/median [95 %])',
      'n',
      'key slice',
      'every box',
      'one box',
      'range',
      'three boxes',
      'end error',
      'bias',
      's',
    ],
    ...summaries.map((s) => [
      s.modality,
      String(s.n),
      ...PROTOCOLS.map((protocol) => cell(s[protocol])),
      s.endErrorSlices.toFixed(1),
      s.endBiasSlices.toFixed(1),
      s.seconds.toFixed(0),
    ]),
  ]);
}
