import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';

/** One line of the log; times in ISO 8601, UTC. */
export type BatchEvent =
  | {
      readonly event: 'start';
      readonly shard: number;
      readonly shards: number;
      readonly lines: number;
      readonly model: string;
      readonly resume: boolean;
    }
  | {
      readonly event: 'line';
      readonly line: number;
      readonly key: string | null;
      readonly status: LineStatus;
      readonly seconds?: number;
      /** Why it failed. */
      readonly code?: string;
      readonly message?: string;
    }
  | ({ readonly event: 'end' } & BatchCounts);

/** `present`: was complete before; `duplicate`: another line asks for the same. */
export const LINE_STATUS = ['done', 'present', 'duplicate', 'failed', 'bad-line'] as const;
export type LineStatus = (typeof LINE_STATUS)[number];
export type BatchCounts = Readonly<Record<LineStatus, number>>;

export interface BatchLog {
  write(event: BatchEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * Appends to a file of JSON lines. What a killed run left of a half-written last line is cut off first, so that every line of
 * the file can be read.
 * @param echo called with each line, too
 */
export async function openBatchLog(path: string, echo: (line: string) => void): Promise<BatchLog> {
  const before = await readFile(path).catch(() => undefined);
  if (before !== undefined) await truncate(path, before.lastIndexOf('\n') + 1);
  const file: FileHandle = await open(path, 'a');
  return {
    async write(event) {
      const line = JSON.stringify({ time: new Date().toISOString(), ...event });
      await file.write(`${line}\n`);
      echo(line);
    },
    async close() {
      await file.sync();
      await file.close();
    },
  };
}
