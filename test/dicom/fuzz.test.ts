import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORPUS } from '../support/formatCorpus.ts';
import type { FuzzEvent, FuzzOrder } from '../support/fuzz/fuzzProcess.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SECONDS = Number(process.env.VOXPROMPT_FUZZ_SECONDS ?? 5);
const SEED = Number(process.env.VOXPROMPT_FUZZ_SEED ?? 1);
/** One mutant alone, to look at what it does. */
const ONLY = process.env.VOXPROMPT_FUZZ_ONLY;
/** What a mutant may take of the machine at the very most. */
const HEAP_MIB = 512;
const MOST_BYTES = 2 ** 30 * 1.5;
/** Without any sign for so long, it never comes back. */
const DEAD_MS = 60_000;

const manifests = readdirSync(join(root, 'models'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => readFileSync(join(root, 'models', name, 'manifest.json'), 'utf8'));

/** Small ones: what is mutated is their structure. */
const graphs = ['edge-sam/encoder.onnx', 'mobile-sam/encoder.onnx', 'sam2/encoder.onnx', 'sam2/decoder.onnx'].map(
  (path) => join(root, 'test/fixtures/sam-families', path),
);

describe('mutated input', () => {
  // Inside the project, so that the program finds its packages.
  const folder = join(root, 'node_modules', '.cache', `voxprompt-fuzz-${process.pid}`);
  beforeAll(async () => {
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: join(root, 'test/support/fuzz/fuzzProcess.ts'),
        outDir: folder,
        rollupOptions: { output: { entryFileNames: 'fuzzProcess.mjs' } },
      },
    });
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** One process until it ends, dies or falls silent. */
  function round(order: FuzzOrder): Promise<{ readonly events: FuzzEvent[]; readonly died: string | undefined }> {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP_MIB}`, join(folder, 'fuzzProcess.mjs'), JSON.stringify(order)],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const events: FuzzEvent[] = [];
    let [complaint, silent] = ['', false];
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-1500);
    });
    const dead = (): void => {
      silent = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(dead, DEAD_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      clearTimeout(timer);
      timer = setTimeout(dead, DEAD_MS);
      const event = JSON.parse(line) as FuzzEvent;
      if (event.kind === 'at' && events.at(-1)?.kind === 'at') events.pop();
      events.push(event);
    });
    return new Promise((resolve) => {
      child.once('close', (code) => {
        clearTimeout(timer);
        const died = silent ? 'hang' : code === 0 ? undefined : `ended with ${code}: ${complaint}`;
        resolve({ events, died });
      });
    });
  }

  it(
    `neither hangs nor crashes a parser (seed ${SEED}, ${SECONDS} s)`,
    async () => {
      const [hangs, crashes]: [string[], string[]] = [[], []];
      const totals = new Map<string, Map<string, number>>();
      let [from, slowestMs, mostBytes] = [ONLY === undefined ? 0 : Number(ONLY), 0, 0];
      const until = Date.now() + SECONDS * 1000;
      do {
        const order = {
          seed: SEED,
          seconds: (until - Date.now()) / 1000,
          from,
          most: ONLY === undefined ? 1e9 : from + 1,
          corpus: CORPUS,
          manifests,
          graphs,
        };
        const { events, died } = await round(order);
        for (const event of events) {
          if (event.kind === 'slow') hangs.push(`${event.target} ${event.index}: ${event.ms.toFixed(0)} ms`);
          if (event.kind === 'crash') crashes.push(`${event.target} ${event.index}: ${event.what}`);
          if (event.kind !== 'end') continue;
          from = event.next;
          slowestMs = Math.max(slowestMs, event.slowestMs);
          mostBytes = Math.max(mostBytes, event.mostBytes);
          for (const [target, words] of Object.entries(event.outcomes)) {
            const counts = totals.get(target) ?? new Map<string, number>();
            for (const [word, count] of Object.entries(words)) counts.set(word, (counts.get(word) ?? 0) + count);
            totals.set(target, counts);
          }
        }
        if (died === undefined) break;
        // The process is gone: the mutant that did it is noted, and a new one goes on behind it.
        const last = events.findLast((event) => event.kind === 'at');
        const which = last?.kind === 'at' ? `${last.target} ${last.index}` : 'before the first mutant';
        (died === 'hang' ? hangs : crashes).push(`${which}: ${died}`);
        if (last?.kind !== 'at') break;
        from = last.index + 1;
      } while (Date.now() < until && ONLY === undefined);
      console.log(
        [
          `fuzz, seed ${SEED}`,
          ...[...totals].map(
            ([target, counts]) =>
              `  ${target.padEnd(22)}${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`,
          ),
          `  ${from} mutants; slowest ${slowestMs.toFixed(0)} ms; at most ${(mostBytes / 2 ** 20).toFixed(0)} MiB`,
          `  ${hangs.length} hangs, ${crashes.length} crashes`,
          ...[...hangs, ...crashes].slice(0, 20).map((line) => `  ${line}`),
        ].join('\n'),
      );
      expect(hangs).toEqual([]);
      expect(crashes).toEqual([]);
      expect(mostBytes).toBeLessThan(MOST_BYTES);
      expect(from).toBeGreaterThan(ONLY === undefined ? 20 : 0);
    },
    SECONDS * 1000 + 240_000,
  );
});
