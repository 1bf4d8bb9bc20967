import type { SegmentVoxels, SliceMask } from './labelmap.ts';

/** A row's run of set pixels: the piece of which connected parts are made. */
interface Run {
  readonly k: number;
  readonly row: number;
  /** Columns, inclusive. */
  readonly from: number;
  readonly to: number;
  /** Index of the run that stands for the part; its own where it does. */
  parent: number;
}

/** Parts smaller than this share of the largest are islands. */
const ISLAND_SHARE = 0.1;

/** Only the largest connected part of a segment (26-connected); the lowest of equals. Slices that change, by k. */
export const keepLargest = (voxels: SegmentVoxels, columns: number): ReadonlyMap<number, SliceMask> =>
  keepParts(voxels, columns, (size, largest, isFirstLargest) => size === largest && isFirstLargest);

/** Without the parts that have less than a tenth of the largest one's voxels. Slices that change, by k. */
export const removeIslands = (voxels: SegmentVoxels, columns: number): ReadonlyMap<number, SliceMask> =>
  keepParts(voxels, columns, (size, largest) => size >= ISLAND_SHARE * largest);

/** Number of connected parts (26-connected). */
export function countParts(voxels: SegmentVoxels, columns: number): number {
  const runs = connectedRuns(voxels, columns);
  return runs.filter(({ parent }, index) => parent === index).length;
}

function keepParts(
  voxels: SegmentVoxels,
  columns: number,
  keep: (size: number, largest: number, isFirstLargest: boolean) => boolean,
): ReadonlyMap<number, SliceMask> {
  const runs = connectedRuns(voxels, columns);
  const sizes = new Map<number, number>();
  runs.forEach(({ from, to }, index) => {
    const root = rootOf(runs, index);
    sizes.set(root, (sizes.get(root) ?? 0) + to - from + 1);
  });
  const largest = Math.max(0, ...sizes.values());
  const first = [...sizes].find(([, size]) => size === largest)?.[0];
  const changed = new Map<number, SliceMask>();
  runs.forEach(({ k, row, from, to }, index) => {
    const root = rootOf(runs, index);
    if (keep(sizes.get(root)!, largest, root === first)) return;
    const mask = changed.get(k) ?? voxels.get(k)!.slice();
    changed.set(k, mask.fill(0, row * columns + from, row * columns + to + 1));
  });
  return changed;
}

/** The runs of all slices, joined where they touch, by edge or by corner. */
function connectedRuns(voxels: SegmentVoxels, columns: number): readonly Run[] {
  const runs: Run[] = [];
  /** Runs of a slice's row: indices into `runs`. */
  const rows = new Map<string, readonly number[]>();
  for (const k of [...voxels.keys()].sort((a, b) => a - b)) {
    const mask = voxels.get(k)!;
    for (let start = mask.indexOf(1); start !== -1; ) {
      const row = Math.floor(start / columns);
      const end = row * columns + columns;
      const own: number[] = [];
      while (start !== -1 && start < end) {
        let to = start;
        while (to + 1 < end && mask[to + 1] === 1) to += 1;
        own.push(runs.length);
        runs.push({ k, row, from: start - row * columns, to: to - row * columns, parent: runs.length });
        start = mask.indexOf(1, to + 1);
      }
      rows.set(`${k} ${row}`, own);
      for (const [slice, line] of [
        [k, row - 1],
        [k - 1, row - 1],
        [k - 1, row],
        [k - 1, row + 1],
      ]) {
        joinTouching(runs, own, rows.get(`${slice} ${line}`) ?? []);
      }
    }
  }
  return runs;
}

/** Two rows side by side: runs that overlap when one is widened by a pixel belong together. */
function joinTouching(runs: Run[], own: readonly number[], others: readonly number[]): void {
  let at = 0;
  for (const index of own) {
    const run = runs[index]!;
    while (at < others.length && runs[others[at]!]!.to < run.from - 1) at += 1;
    for (let next = at; next < others.length && runs[others[next]!]!.from <= run.to + 1; next += 1) {
      const [a, b] = [rootOf(runs, index), rootOf(runs, others[next]!)];
      runs[Math.max(a, b)]!.parent = Math.min(a, b);
    }
  }
}

function rootOf(runs: readonly Run[], index: number): number {
  let root = index;
  while (runs[root]!.parent !== root) root = runs[root]!.parent;
  // Short ways for the next question.
  for (let at = index; runs[at]!.parent !== root; ) {
    const next = runs[at]!.parent;
    runs[at]!.parent = root;
    at = next;
  }
  return root;
}
