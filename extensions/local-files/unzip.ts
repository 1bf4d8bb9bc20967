import { unzipSync } from 'fflate';
import { type AppError, appError, describeThrown } from '#core/errors.ts';

/** How much a zip may ask of the machine before it is taken for a hostile one. */
export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** Unpacked to packed, over the whole zip; looked at from 64 MiB on, because small files of zeros compress well. */
  readonly ratio: number;
}
export const ZIP_LIMITS: ZipLimits = { entries: 100_000, entryBytes: 2 ** 30, totalBytes: 2 ** 32, ratio: 200 };

export type ZipEntry =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly error: AppError };

const RATIO_FROM_BYTES = 2 ** 26;
/** Unpacked at a time: bounds the memory held, and gives the page a turn in between. */
const BATCH_BYTES = 2 ** 25;

interface Listed {
  readonly index: number;
  readonly path: string;
  readonly size: number;
}

/** Whether the bytes begin like a zip. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

/**
 * Unpacks a zip entry by entry. Sizes are checked against the directory before anything is unpacked, and an entry cannot
 * grow beyond the size it declares. Entries that would leave their folder, are encrypted or damaged come as errors.
 */
export async function* unzipped(
  name: string,
  bytes: Uint8Array,
  isWanted: (path: string) => boolean,
  limits: ZipLimits = ZIP_LIMITS,
): AsyncGenerator<ZipEntry> {
  const listing = list(name, bytes, isWanted, limits);
  if ('error' in listing) {
    yield { path: name, error: listing.error };
    return;
  }
  yield* listing.refused;
  for (let from = 0; from < listing.wanted.length; ) {
    let to = from;
    for (let size = 0; to < listing.wanted.length && (to === from || size < BATCH_BYTES); to += 1) {
      size += listing.wanted[to]!.size;
    }
    yield* unpack(bytes, listing.wanted.slice(from, to));
    from = to;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function list(name: string, bytes: Uint8Array, isWanted: (path: string) => boolean, limits: ZipLimits) {
  const wanted: Listed[] = [];
  const refused: ZipEntry[] = [];
  let [index, total] = [0, 0];
  try {
    unzipSync(bytes, {
      filter: (entry) => {
        const path = `${name}/${entry.name}`;
        if (!entry.name.endsWith('/') && isWanted(entry.name)) {
          const error = refusalOf(path, entry.name, entry.compression, entry.originalSize, limits);
          if (error !== undefined) refused.push({ path, error });
          else wanted.push({ index, path, size: entry.originalSize });
          total += entry.originalSize;
        }
        index += 1;
        return false;
      },
    });
  } catch (thrown) {
    return {
      error: appError('damaged-zip', `${name} is not a readable zip.`, { cause: thrown, context: { file: name } }),
    };
  }
  const expands = total > RATIO_FROM_BYTES && total > limits.ratio * bytes.length;
  if (index > limits.entries || total > limits.totalBytes || expands) {
    const context = { file: name, entries: index, unpackedBytes: total, packedBytes: bytes.length };
    const remedy = 'Unpack it yourself if you trust it, and drop the folder.';
    return { error: appError('hostile-zip', `${name} would unpack to more than is safe.`, { remedy, context }) };
  }
  return { wanted, refused };
}

function refusalOf(
  path: string,
  entryName: string,
  compression: number,
  size: number,
  limits: ZipLimits,
): AppError | undefined {
  const context = { file: path };
  if (/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:/.test(entryName)) {
    return appError('zip-path', `${path} would leave its folder.`, { context });
  }
  if (compression !== 0 && compression !== 8) {
    return appError('zip-method', `${path} is packed or encrypted in a way that cannot be read here.`, {
      remedy: 'Unpack the zip and drop the folder.',
      context,
    });
  }
  return size > limits.entryBytes ? appError('too-large', `${path} is too large.`, { context }) : undefined;
}

function* unpack(bytes: Uint8Array, batch: readonly Listed[]): Generator<ZipEntry> {
  const unpacked = tryUnpack(bytes, new Set(batch.map(({ index }) => index)));
  for (const { index, path, size } of batch) {
    // One damaged entry fails its whole batch: then each is tried alone.
    const result = unpacked instanceof Map ? unpacked : tryUnpack(bytes, new Set([index]));
    const content = result instanceof Map ? result.get(index) : undefined;
    if (content?.length === size) yield { path, bytes: content };
    else {
      const cause = result instanceof Map ? `${content?.length ?? 0} of ${size} bytes` : result;
      yield {
        path,
        error: appError('damaged-zip-entry', `${path} cannot be unpacked.`, { cause, context: { file: path } }),
      };
    }
  }
}

/** Contents by entry index (names may repeat), or why the zip library gave up. */
function tryUnpack(bytes: Uint8Array, indices: ReadonlySet<number>): Map<number, Uint8Array> | string {
  let index = -1;
  const names: [number, string][] = [];
  try {
    const contents = unzipSync(bytes, {
      filter: (entry) => {
        index += 1;
        const wanted = indices.has(index) && !names.some(([, other]) => other === entry.name);
        if (wanted) names.push([index, entry.name]);
        return wanted;
      },
    });
    return new Map(names.map(([at, path]) => [at, contents[path]!]));
  } catch (thrown) {
    return describeThrown(thrown);
  }
}
