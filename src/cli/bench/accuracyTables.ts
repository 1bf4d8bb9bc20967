import { table } from '../print.ts';
import type { CaseResult, ComparisonRow, GroupSummary, MeasureSummary } from './report.ts';

const three = (value: number): string => value.toFixed(3);
const one = (value: number): string => value.toFixed(1);
const DIGITS: Readonly<Record<string, (value: number) => string>> = {
  hd95: one,
  endError: one,
  endBias: one,
  seconds: one,
  cpuSeconds: one,
  peakMemory: (value) => value.toFixed(0),
};

const TITLES: readonly (readonly [measure: string, title: string])[] = [
  ['dice', '3D Dice, one box'],
  ['surfaceDice', 'surface Dice at 2 mm'],
  ['hd95', 'HD95, mm'],
  ['keySliceDice', 'Dice of the key slice'],
  ['meanSliceDice', "Dice by slice, mean over the lesion's"],
  ['endError', 'slices wrong at each end'],
  ['endBias', 'slices too many (+) or too few (-) at each end'],
  ['rangeDice', '3D Dice, one box and both ends'],
  ['threeBoxDice', '3D Dice, three boxes'],
  ['everyBoxDice', 'Dice by slice, a box on each'],
  ['seconds', 'seconds from one box'],
  ['cpuSeconds', 'processor seconds from one box'],
  ['peakMemory', 'peak memory, MiB'],
];

/** One line, as a case is done. */
export function caseLine({ id, oneBox, registered = [], range, threeBox, curve, peakMemory }: CaseResult): string {
  const { ends, hd95 } = oneBox;
  const end = (name: keyof typeof ends): string =>
    `${ends[name].slices > 0 ? '+' : ''}${ends[name].slices} ${ends[name].reason}`;
  const more = [
    ...(range === null ? [] : [`range ${three(range.dice)}`]),
    ...(threeBox === null ? [] : [`three boxes ${three(threeBox.dice)}`]),
    ...(curve === null ? [] : [`prompts ${curve.map(({ dice }) => three(dice)).join(' ')}`]),
  ];
  return [
    id.padEnd(14),
    `dice ${three(oneBox.dice)}`,
    `surface ${three(oneBox.surfaceDice)}`,
    `hd95 ${hd95 === null ? '-' : one(hd95)} mm`,
    `key ${three(oneBox.keySliceDice)}`,
    ...more,
    `ends ${end('towards-first')}, ${end('towards-last')}`,
    ...(registered.length === 0 ? [] : [`also ${registered.map(besideText).join(', ')}`]),
    `${one(oneBox.seconds)} s, ${oneBox.slicesSegmented} slices, ${peakMemory.toFixed(0)} MiB`,
  ].join('  ');
}

const besideText = ({ modality, score, counted }: NonNullable<CaseResult['registered']>[number]): string =>
  `${modality} ${score === null ? 'not there' : `${score.toFixed(2)}${counted ? '' : ' left out'}`}`;

/** Everything that is known of one modality and split. */
export function groupText({
  modality,
  split,
  cases,
  patients,
  measures,
  curve,
  stopReasons,
  score,
}: GroupSummary): string {
  const title = `${modality}${split === null ? '' : `, ${split}`}: ${cases} cases of ${patients} patients`;
  const rows = TITLES.filter(([name]) => (measures[name]?.n ?? 0) > 0).map(([name, text]) =>
    row(text, measures[name]!, DIGITS[name] ?? three),
  );
  const steps = (curve ?? []).map((summary, index) => row(`3D Dice after ${index + 1} prompts`, summary, three));
  const reasons = Object.entries(stopReasons).map(([reason, count]) => `${reason} ${count}`);
  return [
    title,
    table([['', 'mean', 'median', '95 %', 'n'], ...rows, ...steps]),
    `reasons to stop: ${reasons.join(', ')}`,
    ...scoreLines(score),
  ].join('\n');
}

function row(title: string, { n, mean, median, interval }: MeasureSummary, digits: (value: number) => string) {
  const cell = (value: number | null): string => (value === null ? '-' : digits(value));
  return [title, cell(mean), cell(median), interval === null ? '-' : interval.map(digits).join(' .. '), String(n)];
}

function scoreLines({ slices, badSlices, auroc, interval, calibrationError, reliability }: GroupSummary['score']) {
  if (slices === 0) return ['score: the model gives none'];
  const ranks = auroc === null ? '-' : `${three(auroc)} [${(interval ?? []).map(three).join(' ')}]`;
  return [
    `score as a warning of slices with Dice < 0.7: AUROC ${ranks}, ${badSlices} of ${slices} slices; calibration error ${three(calibrationError)}`,
    table([
      ['score', 'slices', 'mean score', 'mean Dice', 'Dice < 0.7'],
      ...reliability.map(({ from, to, n, meanScore, meanDice, bad }) => [
        `${one(from)} to ${one(to)}`,
        String(n),
        three(meanScore),
        three(meanDice),
        `${(100 * bad).toFixed(0)} %`,
      ]),
    ]),
  ];
}

/** This run against another one. */
export function comparisonText(rows: readonly ComparisonRow[]): string {
  return table([
    ['this run minus the other', 'n', 'mean', '95 %', 'better', 'same', 'worse'],
    ...rows.map(({ modality, measure, n, difference, interval, wins, ties, losses }) => {
      const digits = DIGITS[measure] ?? three;
      const signed = (value: number): string => `${value > 0 ? '+' : ''}${digits(value)}`;
      return [
        `${modality} ${measure}`,
        String(n),
        difference === null ? '-' : signed(difference),
        interval === null ? '-' : interval.map(signed).join(' .. '),
        ...[wins, ties, losses].map(String),
      ];
    }),
  ]);
}
