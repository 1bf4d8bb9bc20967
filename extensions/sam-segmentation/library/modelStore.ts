import * as z from 'zod';
import type { Result } from '#core/result.ts';
import type { ModelManifest } from '../inference/manifest.ts';

/** What is kept of a model beside its files: written last, so that a model without one was never finished. */
export const recordSchema = z.strictObject({
  format: z.literal(1),
  addedAt: z.iso.datetime(),
  from: z.strictObject({ kind: z.enum(['web', 'disk']), name: z.string() }),
  /** Of all files. */
  bytes: z.int().nonnegative(),
  /** The reader has seen and accepted this text. */
  licence: z.strictObject({ text: z.string(), acceptedAt: z.iso.datetime() }),
  /** Where the self-test was passed, and how. */
  test: z.strictObject({ at: z.iso.datetime(), words: z.string() }),
});

export type ModelRecord = z.infer<typeof recordSchema>;

export interface StoredModel {
  readonly manifest: ModelManifest;
  readonly record: ModelRecord;
}

/** Models that the reader added, on this browser's own disk. No patient data ever gets here. */
export interface ModelStore {
  /** Finished models; what an interrupted browser left of others is cleared away. */
  list(): Promise<readonly StoredModel[]>;
  /** Bytes that fit; undefined where the browser does not say. */
  room(): Promise<number | undefined>;
  /** Errors `storage-full`, `storage-failed`. */
  putFile(id: string, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Result<void>>;
  putManifest(id: string, text: string): Promise<Result<void>>;
  /** From here on the model is there. */
  putRecord(id: string, record: ModelRecord): Promise<Result<void>>;
  /** Everything of a model, finished or not. */
  remove(id: string): Promise<void>;
  /** Under which address the inference worker finds the model's manifest. */
  manifestUrl(id: string): string;
  /** Runs work while no other window adds a model; error `library-busy`. */
  alone<T>(work: () => Promise<Result<T>>): Promise<Result<T>>;
}
