import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeSegmentation } from '../../../extensions/dicom-seg/node.ts';
import { durableWrite } from '../../server/archive/durableWrite.ts';
import type { SegmentReport } from '../segment/segment.ts';

/** Beside each object: what it is, written after it. Only with both is an output complete. */
const outputRecord = z.object({
  format: z.literal('voxprompt-batch-output'),
  version: z.literal(1),
  key: z.string(),
  file: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  report: z.record(z.string(), z.unknown()),
});

/** The outputs in a folder: `<key>.dcm`, and `<key>.json` once that one is on the disk for good. */
export interface Outputs {
  /** A file to write to before the object has its name; gone when this shard starts again. */
  stagingFile(key: string): string;
  /** Whether the output is there, whole and readable: read again, compared with its record, and decoded. */
  isComplete(key: string): Promise<boolean>;
  /** Gives the object its name, then writes its record. Throws the file system's error. */
  commit(key: string, bytes: Uint8Array, report: SegmentReport): Promise<void>;
}

/**
 * Opens the folder. What a killed run of the same shard left unnamed is removed.
 * @param shard in words that a file name may hold
 */
export async function openOutputs(folder: string, shard: string): Promise<Outputs> {
  const staging = join(folder, '.staging', shard);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const object = (key: string): string => join(folder, `${key}.dcm`);
  const record = (key: string): string => join(folder, `${key}.json`);

  return {
    stagingFile: (key) => join(staging, key),
    async isComplete(key) {
      const text = await readFile(record(key), 'utf8').catch(() => undefined);
      const bytes = await readFile(object(key)).catch(() => undefined);
      if (text === undefined || bytes === undefined) return false;
      const parsed = outputRecord.safeParse(jsonOf(text));
      if (!parsed.success || parsed.data.key !== key || parsed.data.sha256 !== sha256Of(bytes)) return false;
      return decodeSegmentation(bytes).ok;
    },
    async commit(key, bytes, report) {
      // A record without its object, or an object without its record, is what a kill leaves: neither counts, both go.
      await unlink(record(key)).catch(ignoreMissing);
      await unlink(object(key)).catch(ignoreMissing);
      await durableWrite(object(key), bytes, staging);
      const { out: _, ...told } = report;
      const content: z.infer<typeof outputRecord> = {
        format: 'voxprompt-batch-output',
        version: 1,
        key,
        file: `${key}.dcm`,
        sha256: sha256Of(bytes),
        bytes: bytes.length,
        report: told,
      };
      await durableWrite(record(key), new TextEncoder().encode(`${JSON.stringify(content)}\n`), staging);
    },
  };
}

/** Keys of which the folder holds a part or the whole. */
export async function keysIn(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch((): string[] => []);
  return new Set(names.flatMap((name) => /^([0-9a-f]{40})\.(dcm|json)$/.exec(name)?.[1] ?? []));
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ignoreMissing(thrown: NodeJS.ErrnoException): void {
  if (thrown.code !== 'ENOENT') throw thrown;
}
