import type { Result } from '#core/result.ts';
import type { ReadModelFile, ReadOptions } from '../inference/modelFiles.ts';

/** Where a model came from, as it is told: a host, or a folder of the reader's. */
export interface ModelOrigin {
  readonly kind: 'web' | 'disk';
  readonly name: string;
}

/** The folder of a model that may be added. Nothing is read before it is asked for. */
export interface ModelFolder {
  readonly origin: ModelOrigin;
  /** A small text; error `model-file-unreadable`, also where it is larger than `most` bytes. */
  readonly text: (path: string, most: number, options?: ReadOptions) => Promise<Result<string>>;
  readonly read: ReadModelFile;
}

export const MANIFEST = 'manifest.json';
/** Texts are shown and parsed whole: what is larger is not what it says it is. */
export const LARGEST_MANIFEST = 1 << 20;
export const LARGEST_LICENCE = 1 << 18;
