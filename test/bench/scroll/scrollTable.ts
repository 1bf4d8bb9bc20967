import type { Held } from './memory.ts';
import type { Measured, ScrollPlan, ScrollRounds } from './scrollBench.ts';
import { median, pairedRatio } from './statistics.ts';

/** The figures with their ratios; above 1 is better for us in the first row, worse in the others. */
export function scrollTable({ side, slices, steps }: ScrollPlan, { pane, rounds }: ScrollRounds): string {
  const row = (name: string, figure: (measured: Measured) => number, faster: boolean): string => {
    const [ours, plain] = [rounds.map((round) => figure(round.ours)), rounds.map((round) => figure(round.plain))];
    const { ratio, interval } = faster ? pairedRatio(ours, plain) : pairedRatio(plain, ours);
    const bounds = interval === undefined ? '' : ` [${interval.map((value) => value.toFixed(3)).join(' ')}]`;
    return `${name.padEnd(32)} ${median(ours).toFixed(1).padStart(8)} ${median(plain).toFixed(1).padStart(8)}   ${ratio.toFixed(3)}${bounds}`;
  };
  return [
    `${side} x ${side} x ${slices}, pane ${Math.round(pane.width)} x ${Math.round(pane.height)}, ${rounds.length} rounds of ${steps} slices in turns; medians`,
    `${''.padEnd(32)} ${'ours'.padStart(8)} ${'plain'.padStart(8)}   speed, ours to plain [95 %]`,
    row('frames per second', ({ framesPerSecond }) => framesPerSecond, true),
    row('input to paint, ms', ({ inputToPaint }) => median(inputToPaint), false),
    row('main thread, ms of processor', ({ threadMs }) => threadMs, false),
  ].join('\n');
}

/** What is held with the first and with the last of several series open, and by how much that grew. */
export function memoryTable(held: readonly Held[]): string {
  const [first, last] = [held[0]!, held.at(-1)!];
  const row = (name: string, of: (one: Held) => number): string =>
    `${name.padEnd(32)} ${of(first).toFixed(1).padStart(8)} ${of(last).toFixed(1).padStart(8)}   ${(of(last) / of(first)).toFixed(3)}`;
  return [
    `series open: the first, then ${held.length - 1} more; MB after garbage collection`,
    `${''.padEnd(32)} ${'1st'.padStart(8)} ${`${held.length}th`.padStart(8)}   last to first`,
    row('objects', ({ heap }) => heap),
    row('array buffers', ({ buffers }) => buffers),
    row('textures', ({ textures }) => textures),
    row('together', ({ heap, buffers, textures }) => heap + buffers + textures),
  ].join('\n');
}
