import type { SliceMask } from './labelmap.ts';

/** Start and length of each run of ones, flat: [start, length, start, length...]; [] for an empty mask. */
export type RunLengths = Uint32Array;

export function encodeRuns(mask: SliceMask | undefined): RunLengths {
  if (mask === undefined) return new Uint32Array(0);
  const runs: number[] = [];
  let start = mask.indexOf(1);
  while (start !== -1) {
    let end = mask.indexOf(0, start);
    if (end === -1) end = mask.length;
    runs.push(start, end - start);
    start = mask.indexOf(1, end);
  }
  return Uint32Array.from(runs);
}

export function decodeRuns(runs: RunLengths, pixels: number): SliceMask | undefined {
  if (runs.length === 0) return undefined;
  const mask = new Uint8Array(pixels);
  for (let index = 0; index < runs.length; index += 2) mask.fill(1, runs[index]!, runs[index]! + runs[index + 1]!);
  return mask;
}
