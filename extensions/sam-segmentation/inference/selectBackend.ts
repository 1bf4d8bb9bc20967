import { appError, describeThrown } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BackendName, InferenceBackend, OpenBackend } from './backends/backend.ts';
import type { FileEntry } from './manifest.ts';
import type { SelfCheck } from './selfCheck.ts';

/** `unavailable`: not on this machine; `refused`: there, but must not be used; `failed`: should have worked and did not. */
export type BackendOutcome = 'ok' | 'unavailable' | 'refused' | 'failed';

export interface BackendAttempt {
  readonly backend: BackendName;
  readonly outcome: BackendOutcome;
  /** A sentence for the reader. */
  readonly reason: string;
  readonly milliseconds: number;
}

/** Which backend runs, and what became of those that were tried before it. */
export interface BackendReport {
  readonly backend: BackendName;
  readonly threads: number;
  /** Whom pixels are sent to, where the model does not run on this machine. */
  readonly sentTo?: string;
  readonly attempts: readonly BackendAttempt[];
  /** Names what was checked (model, runtime, device): with it a later start may skip the golden run on this machine. */
  readonly selfCheckKey: string;
}

export interface BackendCandidate {
  readonly name: BackendName;
  readonly open: OpenBackend;
  /** Why not to try it at all this time, e.g. because the last try ended the browser. */
  readonly skip?: string | undefined;
}

/** A model on a backend, of whatever family. */
interface AnyRuntime {
  readonly backend: InferenceBackend;
  dispose(): Promise<void>;
}

/** What names a model and its files, in every family. */
interface AnyManifest {
  readonly id: string;
  readonly files: readonly { readonly graph: FileEntry; readonly weights?: FileEntry | undefined }[];
  readonly golden?: { readonly data: FileEntry } | undefined;
}

export interface SelectionInput<Graphs, Golden, Runtime extends AnyRuntime> {
  readonly manifest: AnyManifest;
  readonly candidates: readonly BackendCandidate[];
  /**
   * Reads model files; called once a backend could be opened, the graphs only for one that runs them here. A failure ends the
   * selection: no backend can help.
   */
  readonly load: {
    readonly golden: () => Promise<Result<Golden>>;
    readonly graphs: () => Promise<Result<Graphs>>;
  };
  /** @param graphs absent where the backend has them already */
  readonly create: (graphs: Graphs | undefined, backend: InferenceBackend) => Promise<Result<Runtime>>;
  /** What a backend must pass before it is used. */
  readonly check: (runtime: Runtime, golden: Golden) => Promise<Result<SelfCheck>>;
  /** Keys of self-checks passed earlier on this very browser. */
  readonly trusted: readonly string[];
  readonly onAttempt?: ((backend: BackendName) => void) | undefined;
}

export interface Selection<Runtime> {
  readonly runtime: Runtime;
  readonly report: BackendReport;
}

type Tried = { readonly outcome: Exclude<BackendOutcome, 'ok'>; readonly reason: string };

/**
 * Tries the candidates in order; the first that opens, loads the model and reproduces the golden output is used.
 *
 * Errors: `no-backend` with every reason, and what `load` gives.
 */
export async function selectBackend<Graphs, Golden, Runtime extends AnyRuntime>(
  input: SelectionInput<Graphs, Golden, Runtime>,
): Promise<Result<Selection<Runtime>>> {
  const attempts: BackendAttempt[] = [];
  for (const candidate of input.candidates) {
    const start = performance.now();
    const elapsed = (): number => Math.round(performance.now() - start);
    const tried = candidate.skip === undefined ? await tryOut(candidate, input) : failure('refused', candidate.skip);
    if ('error' in tried) return err(tried.error);
    if ('outcome' in tried) {
      attempts.push({ backend: candidate.name, ...tried, milliseconds: elapsed() });
      continue;
    }
    const { runtime, key, reason } = tried;
    attempts.push({ backend: candidate.name, outcome: 'ok', reason, milliseconds: elapsed() });
    const { name, threads, elsewhere } = runtime.backend;
    const sentTo = elsewhere === undefined ? {} : { sentTo: elsewhere };
    return ok({ runtime, report: { backend: name, threads, ...sentTo, attempts, selfCheckKey: key } });
  }
  const reasons = attempts.map(({ backend, reason }) => `${backend}: ${reason}`).join(' ');
  return err(
    appError('no-backend', `The model cannot run in this browser. ${reasons}`, {
      remedy: 'Use a current Chrome, Edge, Firefox or Safari, and close other tabs to free memory.',
    }),
  );
}

const failure = (outcome: Tried['outcome'], reason: string): Tried => ({ outcome, reason });

async function tryOut<Graphs, Golden, Runtime extends AnyRuntime>(
  candidate: BackendCandidate,
  input: SelectionInput<Graphs, Golden, Runtime>,
) {
  const opened = await open(candidate);
  if (!opened.ok)
    return failure(opened.error.code === 'backend-refused' ? 'refused' : 'unavailable', opened.error.message);
  const backend = opened.value;
  const golden = await input.load.golden();
  if (!golden.ok) return { error: golden.error };
  const graphs = backend.elsewhere !== undefined ? ok(undefined) : await input.load.graphs();
  if (!graphs.ok) return { error: graphs.error };
  input.onAttempt?.(candidate.name);
  const runtime = await input.create(graphs.value, backend);
  if (!runtime.ok) return failure('failed', `${runtime.error.message} (${runtime.error.cause ?? ''})`);
  const key = selfCheckKey(input.manifest, backend);
  const about = backend.note === undefined ? '' : `${backend.note}; `;
  // A server's model may have been changed since, whatever our own files say.
  if (backend.elsewhere === undefined && input.trusted.includes(key)) {
    return { runtime: runtime.value, key, reason: `${about}the self-check was passed earlier on this browser` };
  }
  const checked = await input.check(runtime.value, golden.value);
  if (checked.ok && checked.value.passed) {
    return { runtime: runtime.value, key, reason: `${about}${checked.value.words}` };
  }
  await runtime.value.dispose().catch(() => undefined);
  if (!checked.ok) return failure('failed', `${checked.error.message} (${checked.error.cause ?? ''})`);
  return failure('refused', checked.value.words);
}

async function open(candidate: BackendCandidate): Promise<Result<InferenceBackend>> {
  try {
    return await candidate.open();
  } catch (cause) {
    // A vendor module that does not load is an unavailable backend, not a bug of ours.
    return err(appError('backend-unavailable', `It could not be started: ${describeThrown(cause)}.`));
  }
}

/** Model files, runtime version and device: whatever changes one of them voids an earlier self-check. */
function selfCheckKey(manifest: AnyManifest, backend: InferenceBackend): string {
  const hashes = manifest.files.flatMap(({ graph, weights }) => [graph.sha256, weights?.sha256 ?? '']);
  const golden = manifest.golden?.data.sha256 ?? '';
  return [manifest.id, ...[...hashes, golden].map((hash) => hash.slice(0, 12)), backend.fingerprint].join('|');
}
