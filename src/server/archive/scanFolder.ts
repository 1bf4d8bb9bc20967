import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown } from '#core/errors.ts';
import type { Archive } from './archive.ts';
import { readHeader } from './readHeader.ts';

export interface ScanReport {
  readonly added: number;
  /** Files that are no usable DICOM object, by reason code. */
  readonly skipped: ReadonlyMap<string, number>;
}

const PARALLEL = 8;

/** Adds every DICOM file of a folder tree to the index. A missing folder is empty; what cannot be read is counted. */
export async function scanFolder(archive: Archive, folder: string): Promise<ScanReport> {
  let added = 0;
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const files = filesBelow(folder);
  const worker = async (): Promise<void> => {
    for await (const path of files) {
      try {
        const header = await readHeader(path, { name: path, inlineBytes: 0 });
        if (!header.ok) skip(header.error.code);
        else if (archive.adopt(path, header.value)) added += 1;
        else skip('duplicate-or-bad-uid');
      } catch (thrown) {
        skip((thrown as NodeJS.ErrnoException).code ?? describeThrown(thrown));
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { added, skipped };
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}
