import type { Held } from './memory.ts';
import type { Measured, Scrolled, ScrollPlan, ScrollRounds } from './scrollBench.ts';
import { median, pairedRatio } from './statistics.ts';

const COLUMNS = ['ours', 'labelled', 'plain'] as const;

/** The figures, `labelled` with a segment on every slice, and what they say of the speed: above 1 the first of a pair is faster. */
export function scrollTable({ side, slices, steps }: ScrollPlan, { pane, rounds }: ScrollRounds): string {
  const row = (name: string, figure: (measured: Measured) => number, faster: boolean): string => {
    const of = (which: Scrolled): readonly number[] => rounds.map((round) => figure(round[which]));
    const speed = (first: Scrolled, second: Scrolled): string => {
      const { ratio, interval } = faster ? pairedRatio(of(first), of(second)) : pairedRatio(of(second), of(first));
      return `${ratio.toFixed(3)}${interval === undefined ? '' : ` [${interval.map((value) => value.toFixed(3)).join(' ')}]`}`;
    };
    const medians = COLUMNS.map((which) => median(of(which)).toFixed(1).padStart(8)).join(' ');
    return `${name.padEnd(32)} ${medians}   ${speed('ours', 'plain').padEnd(30)} ${speed('labelled', 'ours')}`;
  };
  return [
    `${side} x ${side} x ${slices}, pane ${Math.round(pane.width)} x ${Math.round(pane.height)}, ${rounds.length} rounds of ${steps} slices in turns; medians`,
    `${''.padEnd(32)} ${COLUMNS.map((name) => name.padStart(8)).join(' ')}   ${'speed, ours to plain [95 %]'.padEnd(30)} labelled to ours [95 %]`,
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
