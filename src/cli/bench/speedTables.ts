import { table } from '../print.ts';
import type { ApplicationSpeed, Measured, SpeedReport } from './speedReport.ts';

const STEPS = ['preprocess', 'encode', 'decode', 'propagation', 'volume', 'twoSeries'] as const;

/** Milliseconds by backend, how many times as fast each is as the first, and what is absent. */
export function backendsText(backends: readonly Measured[]): string {
  const there = backends.flatMap((entry) => ('speed' in entry ? [entry] : []));
  const absent = backends.flatMap((entry) => ('absent' in entry ? [`${entry.name}: absent, ${entry.absent}`] : []));
  const digits = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  const rows = there.map(({ name, speed }) => [
    name,
    digits(speed.load),
    ...STEPS.map((step) => `${digits(speed[step].cold)} / ${digits(speed[step].warm)}`),
    speed.memory === null ? '-' : speed.memory.toFixed(0),
  ]);
  const base = there[0]?.speed;
  const ratios =
    base === undefined
      ? []
      : there.map(({ name, speed }) => [
          name,
          ...STEPS.map((step) => (base[step].warm / speed[step].warm).toFixed(2)),
          (base.propagation.cold / speed.propagation.cold).toFixed(2),
        ]);
  return [
    'ms, cold / warm; propagation per slice (warm: the embeddings are there), volume: the whole lesion by the volume model, twoSeries: where it looks at another series too',
    table([['backend', 'load', ...STEPS, 'memory, MiB'], ...rows]),
    `\ntimes as fast as ${there[0]?.name ?? 'nothing'}`,
    table([['backend', ...STEPS, 'propagation, cold'], ...ratios]),
    ...absent,
  ].join('\n');
}

/** What the main thread did while the real application propagated. */
export function applicationText(application: NonNullable<SpeedReport['application']>): string {
  if ('absent' in application) return `application: absent, ${application.absent}`;
  const { backend, slices, cold, warm } = application;
  return [
    `application (${backend}): ${slices} slices`,
    ...runText('in a fresh page, models loaded on the way', cold),
    ...runText('with Enter as soon as a mask is seen', warm),
  ].join('\n');
}

const runText = (
  title: string,
  { firstMask, wholeLesion, seconds, longTaskCount, longTasks }: ApplicationSpeed['warm'],
): readonly string[] => [
  `${title}: a mask after ${firstMask.toFixed(1)} s, on all slices after ${wholeLesion.toFixed(1)} s, settled after ${seconds.toFixed(1)} s`,
  `  tasks of 50 ms and more on the main thread: ${longTaskCount}`,
  ...longTasks.map(
    ({ duration, scripts }) => `    ${duration.toFixed(0)} ms${scripts.length > 0 ? `: ${scripts.join('; ')}` : ''}`,
  ),
];
