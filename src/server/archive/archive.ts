import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DicomDataset, text } from '#core/dicom/dataset.ts';
import { summaryOf } from '#core/dicom/queryRecords.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { Part10File } from '../../../extensions/local-files/node.ts';
import { durableWrite } from './durableWrite.ts';

/** One object in the archive. */
export interface ArchivedInstance {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly transferSyntaxUID: string;
  readonly path: string;
  /** What queries are answered from; the full header is read from the file. */
  readonly summary: DicomDataset;
}

export type StoreVerdict =
  | { readonly kind: 'stored'; readonly instance: ArchivedInstance }
  /** The very same bytes were there before. */
  | { readonly kind: 'unchanged'; readonly instance: ArchivedInstance }
  /** Another object has this SOP Instance UID. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'bad-uid' }
  | { readonly kind: 'disk-full' };

/** UI of PS3.5 9.1: also what keeps a UID from being a path. */
const UID = /^(?=.{1,64}$)\d+(\.\d+)*$/;

/**
 * The archive of one desk: Part-10 files in folders, and an index in memory that is built from their headers at start. Files
 * under `dataDir` are its own; those of other folders are only read.
 */
export class Archive {
  readonly #dataDir: string;
  readonly #write: typeof durableWrite;
  readonly #instances = new Map<string, ArchivedInstance>();
  /** Objects being written: a second one with the same UID waits for the first. */
  readonly #writing = new Map<string, Promise<StoreVerdict>>();

  /** @param write replaced in tests by one that fails */
  constructor(dataDir: string, write: typeof durableWrite = durableWrite) {
    this.#dataDir = dataDir;
    this.#write = write;
  }

  get size(): number {
    return this.#instances.size;
  }

  get studiesDir(): string {
    return join(this.#dataDir, 'studies');
  }

  /** Where objects are written before they get their name. */
  get stagingDir(): string {
    return join(this.#dataDir, '.incoming');
  }

  instances(): IterableIterator<ArchivedInstance> {
    return this.#instances.values();
  }

  find(sopInstanceUID: string): ArchivedInstance | undefined {
    return this.#instances.get(sopInstanceUID);
  }

  /** Adds a file that is on disk already. False where its UIDs are unusable or taken by another file. */
  adopt(path: string, file: Part10File): boolean {
    const instance = described(file, path);
    if (instance === undefined || this.#instances.has(instance.sopInstanceUID)) return false;
    this.#instances.set(instance.sopInstanceUID, instance);
    return true;
  }

  /** Stores one object. @param bytes the file as it came, which is what is kept */
  async store(file: Part10File, bytes: Uint8Array): Promise<StoreVerdict> {
    const instance = described(file, '');
    if (instance === undefined) return { kind: 'bad-uid' };
    const uid = instance.sopInstanceUID;
    await this.#writing.get(uid)?.catch(() => undefined);
    const path = join(this.studiesDir, instance.studyInstanceUID, instance.seriesInstanceUID, `${uid}.dcm`);
    const writing = this.#storeNew({ ...instance, path }, bytes);
    this.#writing.set(uid, writing);
    try {
      return await writing;
    } finally {
      if (this.#writing.get(uid) === writing) this.#writing.delete(uid);
    }
  }

  async #storeNew(instance: ArchivedInstance, bytes: Uint8Array): Promise<StoreVerdict> {
    const earlier = this.#instances.get(instance.sopInstanceUID);
    if (earlier !== undefined) return compared(earlier, bytes);
    try {
      await this.#write(instance.path, bytes, this.stagingDir);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'disk-full' };
      if (code === 'EEXIST') return compared(instance, bytes);
      throw thrown;
    }
    this.#instances.set(instance.sopInstanceUID, instance);
    return { kind: 'stored', instance };
  }
}

async function compared(earlier: ArchivedInstance, bytes: Uint8Array): Promise<StoreVerdict> {
  const same = Buffer.compare(await readFile(earlier.path), bytes) === 0;
  return same ? { kind: 'unchanged', instance: earlier } : { kind: 'conflict' };
}

function described(file: Part10File, path: string): ArchivedInstance | undefined {
  const studyInstanceUID = text(file.dataset, Tag.StudyInstanceUID) ?? '';
  const seriesInstanceUID = text(file.dataset, Tag.SeriesInstanceUID) ?? '';
  const sopInstanceUID = text(file.dataset, Tag.SOPInstanceUID) ?? '';
  if (![studyInstanceUID, seriesInstanceUID, sopInstanceUID].every((uid) => UID.test(uid))) return undefined;
  const { transferSyntaxUID } = file;
  const summary = summaryOf(file.dataset);
  return { studyInstanceUID, seriesInstanceUID, sopInstanceUID, transferSyntaxUID, path, summary };
}
