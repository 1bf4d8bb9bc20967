import type * as z from 'zod';
import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { FileEntry } from './manifest.ts';
import { type ReadModelFile, type ReadOptions, readVerified } from './modelFiles.ts';

/** Golden input and reference outputs: the description says what lies where in the data. */
export interface GoldenFiles<T> {
  readonly description: T;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** A part of the data, in bytes. */
export interface GoldenSection {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Reads, verifies and parses both files.
 * @param sections all parts of the data that the description names; each must lie within it
 * @returns errors `model-hash-mismatch`, `model-golden-malformed`, and what `read` gives
 */
export async function readGoldenFiles<T>(
  files: { readonly description: FileEntry; readonly data: FileEntry },
  schema: z.ZodType<T>,
  sections: (description: T) => readonly GoldenSection[],
  read: ReadModelFile,
  options: ReadOptions,
): Promise<Result<GoldenFiles<T>>> {
  const file = files.description.path;
  const malformed = (cause: unknown): Result<never> =>
    err(appError('model-golden-malformed', `${file} is not a golden description.`, { cause, context: { file } }));
  const text = await readVerified(read, files.description, { signal: options.signal });
  if (!text.ok) return text;
  const data = await readVerified(read, files.data, { signal: options.signal });
  if (!data.ok) return data;
  try {
    const description = schema.parse(JSON.parse(new TextDecoder().decode(text.value)));
    const outside = sections(description).some(({ offset, bytes }) => offset + bytes > data.value.length);
    return outside ? malformed('it names bytes behind the end of the data') : ok({ description, data: data.value });
  } catch (cause) {
    return malformed(cause);
  }
}

export const bytesOf = ({ data }: GoldenFiles<unknown>, { offset, bytes }: GoldenSection): Uint8Array<ArrayBuffer> =>
  data.subarray(offset, offset + bytes);

/** Little-endian float32. A copy: a section may start at any byte, and Node's buffers slice without copying. */
export const floatsOf = (golden: GoldenFiles<unknown>, section: GoldenSection): Float32Array<ArrayBuffer> =>
  new Float32Array(new Uint8Array(bytesOf(golden, section)).buffer);
