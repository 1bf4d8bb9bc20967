import { err, type Result } from '#core/result.ts';
import type { ReadableState } from '#extension-api';
import type { BackendReport } from '../inference/selectBackend.ts';
import type { VolumeListener } from '../inference/volumeClient.ts';
import type { VolumeModel } from '../inference/volumeModel.ts';
import { loadingOf, readyOf } from './modelStates.ts';
import { failureOf } from './previewQueue.ts';
import type { ModelState } from './segmenterPort.ts';
import { writableState } from './writableState.ts';

/** Who makes the slices that the reader has not boxed. */
export type Propagation = 'volume' | 'sam';

/** Loads the volume model of this installation: the worker's in the app, a scripted one in tests. */
export type LoadVolume = (
  manifestUrl: string,
  listener: VolumeListener,
) => Promise<Result<VolumeModel & { readonly report: BackendReport }>>;

/** The volume model, loaded behind the promptable one; where it cannot be had, the promptable model propagates alone. */
export interface VolumeSource {
  /** Whether this installation has one. */
  readonly offered: boolean;
  readonly state: ReadableState<ModelState>;
  readonly choice: ReadableState<Propagation>;
  choose(choice: Propagation): void;
  /** Undefined where the reader chose otherwise, there is none, or it cannot be loaded (the state says why). */
  get(): Promise<VolumeModel | undefined>;
}

export interface OwnedVolumeSource extends VolumeSource {
  /** The worker is there: the volume model is loaded in it, ahead of the first propagation. */
  begin(load: LoadVolume): void;
  /** The worker is gone: until the next one there is no volume model. */
  end(): void;
}

/** @param manifestUrl of the volume model; undefined where there is none */
export function createVolumeSource(manifestUrl: string | undefined): OwnedVolumeSource {
  const state = writableState<ModelState>({ kind: 'not-loaded' });
  const choice = writableState<Propagation>(manifestUrl === undefined ? 'sam' : 'volume');
  let load: LoadVolume | undefined;
  let loading: Promise<VolumeModel | undefined> | undefined;

  async function start(): Promise<VolumeModel | undefined> {
    if (load === undefined || manifestUrl === undefined) return undefined;
    state.set({ kind: 'loading', doing: 'Starting', doneBytes: 0, totalBytes: undefined });
    let name = '';
    const model = await load(manifestUrl, {
      onProgress: (progress) => state.set(loadingOf(progress)),
      onBackendChange: (report) => {
        if (name !== '') state.set(readyOf(name, report));
      },
    }).catch((thrown: unknown) => err(failureOf(thrown).error));
    if (!model.ok) {
      state.set({ kind: 'failed', error: model.error });
      // The next propagation tries again.
      loading = undefined;
      return undefined;
    }
    name = model.value.manifest.name;
    state.set(readyOf(name, model.value.report));
    return model.value;
  }

  const get = async (): Promise<VolumeModel | undefined> => {
    if (choice.getState() !== 'volume') return undefined;
    loading ??= start();
    return loading;
  };
  return {
    offered: manifestUrl !== undefined,
    state,
    choice,
    get,
    choose(next) {
      choice.set(next);
      void get();
    },
    begin(loadVolume) {
      load = loadVolume;
      loading = undefined;
      void get();
    },
    end() {
      load = undefined;
      loading = undefined;
      state.set({ kind: 'not-loaded' });
    },
  };
}
