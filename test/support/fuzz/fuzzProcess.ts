/** Runs mutants until time or number is up: `node fuzzProcess.js JSON`. One line of JSON for each event; see {@link FuzzEvent}. */
import { readFileSync, writeSync } from 'node:fs';
import { seeded } from './mutate.ts';
import { targets } from './targets.ts';

export interface FuzzOrder {
  readonly seed: number;
  readonly seconds: number;
  readonly from: number;
  readonly most: number;
  readonly corpus: string;
  readonly manifests: readonly string[];
  /** Paths of real ONNX graphs. */
  readonly graphs: readonly string[];
}
export type FuzzEvent =
  /** Written before each mutant, so that whoever waits knows which one it was. */
  | { readonly kind: 'at'; readonly index: number; readonly target: string }
  | { readonly kind: 'slow'; readonly index: number; readonly target: string; readonly ms: number }
  | { readonly kind: 'crash'; readonly index: number; readonly target: string; readonly what: string }
  | {
      readonly kind: 'end';
      readonly next: number;
      readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
      readonly slowestMs: number;
      readonly mostBytes: number;
    };

const SLOW_MS = 2000;
const order = JSON.parse(process.argv[2]!) as FuzzOrder;
const tell = (event: FuzzEvent): void => void writeSync(1, `${JSON.stringify(event)}\n`);
const all = targets(
  order.corpus,
  order.manifests,
  order.graphs.map((path) => new Uint8Array(readFileSync(path))),
);

let at = { index: order.from, target: '' };
const crash = (thrown: unknown): void =>
  tell({ kind: 'crash', ...at, what: thrown instanceof Error ? `${thrown.stack}`.slice(0, 1500) : String(thrown) });
process.on('unhandledRejection', crash);

const outcomes: Record<string, Record<string, number>> = {};
let [slowestMs, mostBytes] = [0, 0];
const until = Date.now() + order.seconds * 1000;
let index = order.from;
for (; Date.now() < until && index < order.most; index += 1) {
  const target = all[index % all.length]!;
  at = { index, target: target.name };
  tell({ kind: 'at', ...at });
  // Of this process alone: a busy machine is no hang.
  const before = process.cpuUsage();
  let word = 'crash';
  try {
    word = await target.run(seeded(order.seed * 1_000_003 + index));
  } catch (thrown) {
    crash(thrown);
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  if (ms > SLOW_MS) tell({ kind: 'slow', ...at, ms });
  slowestMs = Math.max(slowestMs, ms);
  const { rss } = process.memoryUsage();
  mostBytes = Math.max(mostBytes, rss);
  outcomes[target.name] ??= {};
  outcomes[target.name]![word] = (outcomes[target.name]![word] ?? 0) + 1;
}
await new Promise((resolve) => setTimeout(resolve, 20));
tell({ kind: 'end', next: index, outcomes, slowestMs, mostBytes });
