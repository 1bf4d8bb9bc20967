import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import { fileMissing, fileUnreadable, otherSize, tooLarge } from './failures.ts';
import { MANIFEST, type ModelFolder } from './modelFolder.ts';

/** A file as it was dropped or chosen: its path begins with the folder's name. */
export interface GivenFile {
  readonly path: string;
  readonly blob: Blob;
}

/** A folder on the reader's disk: with a manifest, or with graphs alone. */
export interface DiskFolder extends ModelFolder {
  readonly hasManifest: boolean;
  /** Paths below the folder. */
  readonly paths: readonly string[];
  /** Bytes of one of them. */
  size(path: string): number | undefined;
}

/** What systems put beside files. */
const IGNORED = /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i;
const PIECE = 1 << 23;

/**
 * The model among the files that were given: the folder of the one manifest.json, or, without any, of the files themselves.
 * @returns `model-folder-unclear` for nothing, or for several models at once
 */
export function diskFolder(given: readonly GivenFile[]): Result<DiskFolder> {
  const files = given.filter(({ path }) => !IGNORED.test(path));
  const manifests = files.map(({ path }) => path).filter((path) => path.split('/').at(-1) === MANIFEST);
  const depth = (path: string): number => path.split('/').length;
  const least = Math.min(...manifests.map(depth));
  const [manifest, other] = manifests.filter((path) => depth(path) === least);
  if (files.length === 0) return unclear('There is no file in what was given.');
  if (other !== undefined)
    return unclear(`There are several models in the folder: ${manifests.slice(0, 4).join(', ')}.`);
  const root = manifest === undefined ? commonFolder(files) : manifest.slice(0, -MANIFEST.length);
  const below = new Map(
    files.flatMap(({ path, blob }) => (path.startsWith(root) ? [[path.slice(root.length), blob]] : [])),
  );
  const name = root.split('/').at(-2) ?? '';

  return ok({
    origin: { kind: 'disk', name },
    hasManifest: manifest !== undefined,
    paths: [...below.keys()],
    size: (path) => below.get(path)?.size,
    async text(path, most, { signal } = {}) {
      const blob = below.get(path);
      if (blob === undefined) return err(fileMissing(path));
      if (blob.size > most) return err(tooLarge(path, most));
      const bytes = await read(path, blob, { signal });
      return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
    },
    async read(entry, options = {}) {
      const blob = below.get(entry.path);
      if (blob === undefined) return err(fileMissing(entry.path));
      // A model of another size is refused before its gigabytes are read.
      if (blob.size !== entry.bytes) return err(otherSize(entry, blob.size));
      return read(entry.path, blob, options);
    },
  });
}

async function read(
  path: string,
  blob: Blob,
  { signal, onProgress }: Parameters<ModelFolder['read']>[1] & object,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    const bytes = new Uint8Array(blob.size);
    for (let at = 0; at < bytes.length; at += PIECE) {
      if (signal?.aborted) return err(cancelled());
      bytes.set(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()), at);
      onProgress?.({ loaded: Math.min(at + PIECE, bytes.length), total: bytes.length });
    }
    return signal?.aborted ? err(cancelled()) : ok(bytes);
  } catch (cause) {
    return err(fileUnreadable(path, cause));
  }
}

function commonFolder(files: readonly GivenFile[]): string {
  const folders = files.map(({ path }) => path.slice(0, path.lastIndexOf('/') + 1));
  return folders.reduce((a, b) => (b.startsWith(a) ? a : a.startsWith(b) ? b : ''));
}

const unclear = (message: string) =>
  err(
    appError('model-folder-unclear', message, {
      remedy: 'Choose the folder of one model: manifest.json and the files that it names.',
    }),
  );
