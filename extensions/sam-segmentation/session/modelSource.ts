import { err, ok, type Result } from '#core/result.ts';
import type { ViewerPort } from '#extension-api';
import type { PromptableModel } from '../inference/model.ts';
import type { StartProgress } from '../inference/protocol.ts';
import type { BackendReport } from '../inference/selectBackend.ts';
import { createLesionSegmenter } from './lesionSegmenter.ts';
import { backendText, loadingOf, readyOf } from './modelStates.ts';
import type { OtherSeriesSource } from './otherSeries.ts';
import { failureOf } from './previewQueue.ts';
import type { LesionSegmenter, ModelState, SegmenterSource } from './segmenterPort.ts';
import { createVolumeSource, type LoadVolume } from './volumeSource.ts';
import { writableState } from './writableState.ts';

/** A model with the report of where it runs. */
export interface ReportingModel extends PromptableModel {
  readonly report: BackendReport;
  /** Loads a volume model beside it, where that is possible. */
  readonly loadVolume?: LoadVolume;
}

/** Loads a model: the worker's in the app, a scripted one in tests. */
export type LoadModel = (options: {
  readonly onProgress: (progress: StartProgress) => void;
  readonly onBackendChange: (report: BackendReport) => void;
}) => Promise<Result<ReportingModel>>;

/**
 * Loads the model once, when it is first wanted, and tells how far it is and where it runs.
 * @param volumeManifestUrl of the model that propagates; absent where the promptable one does
 * @param sentTo whom pixels will be sent to, where an inference server is configured
 * @param others the other series of the study, where the host reads them
 */
export function createModelSource(
  load: LoadModel,
  viewer: Pick<ViewerPort, 'openSeries' | 'slicePixels'>,
  volumeManifestUrl?: string,
  sentTo?: string,
  others?: OtherSeriesSource,
): SegmenterSource {
  const volume = createVolumeSource(volumeManifestUrl);
  const state = writableState<ModelState>({ kind: 'not-loaded', ...(sentTo === undefined ? {} : { sentTo }) });
  let loading: Promise<Result<LesionSegmenter>> | undefined;
  let loaded: { readonly model: ReportingModel; readonly segmenter: LesionSegmenter } | undefined;
  let disposed = false;
  const replaced = writableState(0);

  async function start(): Promise<Result<LesionSegmenter>> {
    const turn = replaced.getState();
    const isPast = (): boolean => disposed || turn !== replaced.getState();
    state.set({ kind: 'loading', doing: 'Starting', doneBytes: 0, totalBytes: undefined });
    const model = await load({
      onProgress: (progress) => {
        if (!isPast()) state.set(loadingOf(progress));
      },
      onBackendChange: (report) => {
        if (loaded !== undefined && !isPast()) state.set(readyOf(loaded.model.manifest.name, report));
      },
    }).catch(failureOf);
    if (turn !== replaced.getState()) {
      if (model.ok) await model.value.dispose();
      return source.get();
    }
    if (!model.ok) {
      state.set({ kind: 'failed', error: model.error });
      loading = undefined;
      return err(model.error);
    }
    if (disposed) await model.value.dispose();
    const segmenter = createLesionSegmenter(model.value, () => backendText(model.value.report), viewer, {
      volume,
      others,
    });
    loaded = { model: model.value, segmenter };
    state.set(readyOf(model.value.manifest.name, model.value.report));
    if (model.value.loadVolume !== undefined) volume.begin(model.value.loadVolume);
    return ok(segmenter);
  }

  const source: SegmenterSource = {
    state,
    volume,
    others,
    replaced,
    get: () => {
      loading ??= start();
      return loading;
    },
    loaded: () => loaded?.segmenter,
    replace() {
      loaded?.segmenter.forget();
      void loaded?.model.dispose();
      loaded = undefined;
      loading = undefined;
      volume.end();
      state.set({ kind: 'not-loaded', ...(sentTo === undefined ? {} : { sentTo }) });
      replaced.set(replaced.getState() + 1);
    },
    dispose() {
      disposed = true;
      others?.forget();
      void loaded?.model.dispose();
    },
  };
  return source;
}
