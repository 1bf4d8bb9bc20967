import { appError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { cancelled } from '../inference/failures.ts';
import type { StartProgress } from '../inference/protocol.ts';
import { loadingOf } from '../session/modelStates.ts';
import { alreadyThere } from './failures.ts';
import type { Candidate } from './lookAt.ts';
import type { Adding } from './modelLibrary.ts';
import type { ModelStore } from './modelStore.ts';
import { bytesOf } from './sizes.ts';
import { storeModel } from './storeModel.ts';

/** Loads a model where it will run and has it pass its self-check anew; nothing of it stays loaded. */
export type TestModel = (
  manifestUrl: string,
  options: { readonly signal?: AbortSignal; readonly onProgress: (progress: StartProgress) => void },
) => Promise<Result<{ readonly words: string }>>;

export interface AddSetup {
  readonly store: ModelStore;
  readonly test: TestModel;
  readonly now: () => Date;
  readonly taken: ReadonlySet<string>;
}

/**
 * Fetches, checks, keeps and tests a model whose licence was accepted. It is there when all of that has gone well; otherwise
 * nothing of it is.
 * Errors: those of {@link storeModel}, `model-already-there`, `library-busy`, `model-self-test-failed`, `cancelled`.
 */
export async function addModel(
  { manifest, manifestText, folder, licenceText }: Candidate,
  { store, test, now, taken }: AddSetup,
  signal: AbortSignal,
  tell: (adding: Adding) => void,
): Promise<Result<{ readonly words: string }>> {
  const { id, name } = manifest;
  const bytes = bytesOf(manifest);
  const acceptedAt = now().toISOString();
  const installing = (doing: 'files' | 'test', detail: string, loaded: number): void =>
    tell({ kind: 'installing', name, doing, detail, loaded, total: bytes });

  return store.alone(async () => {
    if (taken.has(id) || (await store.list()).some((model) => model.manifest.id === id)) return err(alreadyThere(name));
    const run = async (): Promise<Result<{ readonly words: string }>> => {
      installing('files', '', 0);
      const stored = await storeModel(manifest, folder, store, {
        signal,
        onProgress: ({ loaded }) => installing('files', '', loaded),
      });
      const described = stored.ok ? await store.putManifest(id, manifestText) : stored;
      if (!described.ok) return described;
      installing('test', '', bytes);
      const tested = await test(store.manifestUrl(id), {
        signal,
        onProgress: (progress) => installing('test', doingOf(progress), bytes),
      });
      if (!tested.ok) return tested.error.code === 'cancelled' ? tested : err(testFailed(name, tested.error.message));
      const { words } = tested.value;
      const kept = await store.putRecord(id, {
        format: 1,
        addedAt: now().toISOString(),
        from: folder.origin,
        bytes,
        licence: { text: licenceText, acceptedAt },
        test: { at: now().toISOString(), words },
      });
      return kept.ok ? ok({ words }) : kept;
    };
    let finished = false;
    try {
      const result = await run();
      finished = result.ok && !signal.aborted;
      return finished || !result.ok ? result : err(cancelled());
    } finally {
      if (!finished) await store.remove(id);
    }
  });
}

export const doingOf = (progress: StartProgress): string => {
  const state = loadingOf(progress);
  return state.kind === 'loading' ? state.doing : '';
};

const testFailed = (name: string, cause: string) =>
  appError('model-self-test-failed', `${name} did not pass its self-test, so it was not kept.`, {
    remedy:
      'Check what its manifest says of range, mean and deviation, frame sizes and signature. A model too large for this computer fails here too.',
    cause,
  });
