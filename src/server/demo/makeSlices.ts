import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PHANTOM, phantomInstance } from './phantomDicom.ts';

export interface MadeSlice {
  readonly k: number;
  readonly bytes: Uint8Array;
}

export interface SliceMaking {
  /** Built {@link file://./phantomWorker.ts}; without it the slices are made in this thread. */
  readonly worker?: URL;
  /** Slices made before, for archives to come. */
  readonly cacheDir?: string;
}

const MOST_WORKERS = 4;

/** Slices of the phantom in whatever order they are ready. */
export async function* makeSlices(
  wanted: readonly number[],
  { worker, cacheDir }: SliceMaking,
): AsyncGenerator<MadeSlice> {
  const missing: number[] = [];
  for (const k of wanted) {
    const cached = cacheDir && (await readFile(fileOf(cacheDir, k)).catch(() => undefined));
    if (cached) yield { k, bytes: cached };
    else missing.push(k);
  }
  const made =
    worker !== undefined && missing.length > 1 && existsSync(fileURLToPath(worker))
      ? fromWorkers(missing, worker)
      : missing.map((k) => ({ k, bytes: phantomInstance(k) }));
  for await (const slice of made) {
    if (cacheDir !== undefined) await cache(cacheDir, slice).catch(() => undefined);
    yield slice;
  }
}

/** The UID says which version of the phantom a file holds. */
const fileOf = (folder: string, k: number): string => join(folder, `${PHANTOM.sopInstanceUID(k)}.dcm`);

/** A read-only installation has no cache, and does without. */
async function cache(folder: string, { k, bytes }: MadeSlice): Promise<void> {
  await mkdir(folder, { recursive: true });
  const staged = `${fileOf(folder, k)}.${process.pid}`;
  await writeFile(staged, bytes);
  await rename(staged, fileOf(folder, k));
}

async function* fromWorkers(wanted: readonly number[], file: URL): AsyncGenerator<MadeSlice> {
  const queue = [...wanted];
  const ready: MadeSlice[] = [];
  let failure: Error | undefined;
  let wake = (): void => undefined;
  const workers = Array.from({ length: Math.min(MOST_WORKERS, availableParallelism(), queue.length) }, () => {
    const worker = new Worker(file);
    const next = (): void => {
      const k = queue.shift();
      if (k !== undefined) worker.postMessage(k);
    };
    worker.on('message', (slice: MadeSlice) => {
      ready.push(slice);
      next();
      wake();
    });
    worker.on('error', (error) => {
      failure = error;
      wake();
    });
    next();
    return worker;
  });
  try {
    for (let left = wanted.length; left > 0; left -= 1) {
      while (ready.length === 0) {
        if (failure !== undefined) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      yield ready.shift()!;
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
