import { open, readFile } from 'node:fs/promises';
import type { Result } from '#core/result.ts';
import { type ParseOptions, type Part10File, parsePart10 } from '../../../extensions/local-files/node.ts';

/** Enough for the header of nearly every single-frame image. */
const PREFIX_BYTES = 1 << 18;

type HeaderOptions = Omit<ParseOptions, 'headerOnly'>;

/** Header of a file on disk; reads the beginning alone where that suffices. */
export async function readHeader(path: string, options: HeaderOptions): Promise<Result<Part10File>> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(Math.min(size, PREFIX_BYTES));
    const { bytesRead } = await file.read(prefix, 0, prefix.length, 0);
    const parsed = parsePart10(prefix.subarray(0, bytesRead), { ...options, headerOnly: true });
    if (parsed.ok || size <= PREFIX_BYTES) return parsed;
  } finally {
    await file.close();
  }
  return parsePart10(await readFile(path), { ...options, headerOnly: true });
}

/** A whole file, with its pixels located. */
export const readObject = async (path: string, options: HeaderOptions): Promise<Result<Part10File>> =>
  parsePart10(await readFile(path), options);
