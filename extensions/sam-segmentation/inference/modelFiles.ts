import { type AppError, appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { GraphSource } from './backends/backend.ts';
import type { FileEntry, ModelFile, ModelManifest } from './manifest.ts';
import { sha256Hex } from './sha256.ts';
import { expandFloat16 } from './weights.ts';

export interface ByteProgress {
  readonly loaded: number;
  readonly total: number;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ByteProgress) => void) | undefined;
}

/** Where a model folder's files come from: a directory, a URL, a cache. */
export type ReadModelFile = (entry: FileEntry, options?: ReadOptions) => Promise<Result<Uint8Array<ArrayBuffer>>>;

export interface ModelGraphs {
  readonly encoder: GraphSource;
  readonly decoder: GraphSource;
}

/** `model-hash-mismatch` when the bytes are not those that the manifest names. */
export async function verifyFile(entry: FileEntry, bytes: Uint8Array<ArrayBuffer>): Promise<AppError | undefined> {
  const actual = await sha256Hex(bytes);
  if (actual === entry.sha256) return undefined;
  return appError('model-hash-mismatch', `${entry.path} is not the file that the model's manifest names.`, {
    remedy:
      'Try again; if it stays so, ask whoever runs this installation to restore the model folder from its release.',
    context: {
      file: entry.path,
      expected: entry.sha256,
      actual,
      expectedBytes: entry.bytes,
      actualBytes: bytes.byteLength,
    },
  });
}

/** Reads one file and verifies it. */
export async function readVerified(
  read: ReadModelFile,
  entry: FileEntry,
  options: ReadOptions = {},
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const bytes = await read(entry, options);
  if (!bytes.ok) return bytes;
  const mismatch = await verifyFile(entry, bytes.value);
  return mismatch === undefined ? bytes : err(mismatch);
}

/** The two graphs of a promptable model; see {@link readGraphFiles}. */
export async function readGraphs(
  manifest: ModelManifest,
  read: ReadModelFile,
  options: ReadOptions = {},
): Promise<Result<ModelGraphs>> {
  const graphs = await readGraphFiles(manifest.files, read, options);
  // parseManifest has made sure that there is one of each.
  return graphs.ok ? ok({ encoder: graphs.value.get('encoder')!, decoder: graphs.value.get('decoder')! }) : graphs;
}

/** Reads and verifies every graph and its weights, expanded to float32. Progress counts bytes as stored, over all files. */
export async function readGraphFiles<Role extends string>(
  files: readonly (Omit<ModelFile, 'role'> & { readonly role: Role })[],
  read: ReadModelFile,
  options: ReadOptions = {},
): Promise<Result<ReadonlyMap<Role, GraphSource>>> {
  const entries = files.flatMap((file) => (file.weights ? [file.graph, file.weights] : [file.graph]));
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  let before = 0;
  const graphs = new Map<Role, GraphSource>();
  const readNext = async (entry: FileEntry) => {
    const start = before;
    before += entry.bytes;
    const onProgress = ({ loaded }: ByteProgress): void => options.onProgress?.({ loaded: start + loaded, total });
    return readVerified(read, entry, { signal: options.signal, onProgress });
  };
  for (const file of files) {
    const graph = await readNext(file.graph);
    if (!graph.ok) return graph;
    if (file.weights === undefined) {
      graphs.set(file.role, { graph: graph.value });
      continue;
    }
    const weights = await readNext(file.weights);
    if (!weights.ok) return weights;
    const data = file.weights.dtype === 'float16' ? new Uint8Array(expandFloat16(weights.value).buffer) : weights.value;
    graphs.set(file.role, { graph: graph.value, weights: { location: file.weights.location, data } });
  }
  options.onProgress?.({ loaded: total, total });
  return ok(graphs);
}
