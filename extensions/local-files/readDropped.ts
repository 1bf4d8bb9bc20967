import type { DicomDataset } from '#core/dicom/dataset.ts';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import { appError } from '#core/errors.ts';
import type { CallOptions, RefusedFile } from '#extension-api';
import { usableImage } from './acceptance.ts';
import { collectFiles, type DroppedFile, isIgnored } from './collectFiles.ts';
import { parsePart10 } from './part10/parsePart10.ts';
import { isZip, unzipped, ZIP_LIMITS, type ZipLimits } from './unzip.ts';

/** One usable object; `blob` is a Part-10 file that any DICOM reader takes (inflated, with file meta). */
export interface LocalInstance {
  readonly name: string;
  readonly dataset: DicomDataset;
  readonly transferSyntaxUID: string;
  readonly blob: Blob;
}

export interface Dropped {
  readonly instances: readonly LocalInstance[];
  readonly refused: readonly RefusedFile[];
}

interface Collector {
  readonly instances: Map<string, LocalInstance>;
  readonly refused: RefusedFile[];
  readonly limits: ZipLimits;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads what was dropped: files, folders, zips (and zips within, one level deep). What cannot be used is named with the
 * reason; what is good still loads. Progress counts dropped files.
 */
export async function readDropped(
  given: readonly File[] | DataTransfer,
  { signal, onProgress }: CallOptions = {},
  limits: ZipLimits = ZIP_LIMITS,
): Promise<Dropped> {
  const files = await collectFiles(given, signal);
  const collector: Collector = { instances: new Map(), refused: [], limits, signal };
  let done = 0;
  for (const file of files) {
    signal?.throwIfAborted();
    await readOne(file, collector);
    done += 1;
    onProgress?.(done, files.length);
  }
  return { instances: [...collector.instances.values()], refused: collector.refused };
}

async function readOne({ path, blob }: DroppedFile, collector: Collector): Promise<void> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await blob.arrayBuffer());
  } catch (thrown) {
    const error = appError('unreadable-file', `${path} cannot be read from the disk.`, {
      cause: thrown,
      context: { file: path },
    });
    collector.refused.push({ name: path, error });
    return;
  }
  if (isZip(bytes)) await readZip(path, bytes, collector, 0);
  else add(path, bytes, blob, collector);
}

async function readZip(path: string, bytes: Uint8Array, collector: Collector, depth: number): Promise<void> {
  for await (const entry of unzipped(path, bytes, (name) => !isIgnored(name), collector.limits)) {
    collector.signal?.throwIfAborted();
    if ('error' in entry) collector.refused.push({ name: entry.path, error: entry.error });
    else if (!isZip(entry.bytes)) add(entry.path, entry.bytes, undefined, collector);
    else if (depth < 1) await readZip(entry.path, entry.bytes, collector, depth + 1);
    else {
      const error = appError('nested-zip', `${entry.path} is a zip in a zip in a zip.`, {
        remedy: 'Unpack the outer zip and drop the folder.',
        context: { file: entry.path },
      });
      collector.refused.push({ name: entry.path, error });
    }
  }
}

function add(name: string, bytes: Uint8Array, blob: Blob | undefined, { instances, refused }: Collector): void {
  const parsed = parsePart10(bytes, { name });
  const usable = parsed.ok ? usableImage(parsed.value) : parsed;
  if (!usable.ok) {
    refused.push({ name, error: usable.error });
    return;
  }
  const { dataset, transferSyntaxUID, bytes: complete } = usable.value;
  const sopInstanceUID = text(dataset, Tag.SOPInstanceUID)!;
  const earlier = instances.get(sopInstanceUID);
  if (earlier !== undefined && earlier.blob.size !== complete.length) {
    const error = appError(
      'duplicate-instance',
      `${name} claims to be the same object as ${earlier.name}, but differs.`,
      {
        context: { file: name, other: earlier.name },
      },
    );
    refused.push({ name, error });
    return;
  }
  const kept = blob !== undefined && complete === bytes ? blob : new Blob([complete as Uint8Array<ArrayBuffer>]);
  if (earlier === undefined) instances.set(sopInstanceUID, { name, dataset, transferSyntaxUID, blob: kept });
}
