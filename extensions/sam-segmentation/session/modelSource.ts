import { err, ok, type Result } from '#core/result.ts';
import type { ViewerPort } from '#extension-api';
import type { PromptableModel } from '../inference/model.ts';
import type { StartProgress } from '../inference/protocol.ts';
import type { BackendReport } from '../inference/selectBackend.ts';
import { createLesionSegmenter } from './lesionSegmenter.ts';
import { failureOf } from './previewQueue.ts';
import type { LesionSegmenter, ModelState, SegmenterSource } from './segmenterPort.ts';
import { writableState } from './writableState.ts';

/** A model with the report of where it runs. */
export interface ReportingModel extends PromptableModel {
  readonly report: BackendReport;
}

/** Loads a model: the worker's in the app, a scripted one in tests. */
export type LoadModel = (options: {
  readonly onProgress: (progress: StartProgress) => void;
  readonly onBackendChange: (report: BackendReport) => void;
}) => Promise<Result<ReportingModel>>;

/** Loads the model once, when it is first wanted, and tells how far it is and where it runs. */
export function createModelSource(
  load: LoadModel,
  viewer: Pick<ViewerPort, 'openSeries' | 'slicePixels'>,
): SegmenterSource {
  const state = writableState<ModelState>({ kind: 'not-loaded' });
  let loading: Promise<Result<LesionSegmenter>> | undefined;
  let loaded: { readonly model: ReportingModel; readonly segmenter: LesionSegmenter } | undefined;
  let disposed = false;

  async function start(): Promise<Result<LesionSegmenter>> {
    state.set({ kind: 'loading', doing: 'Starting', doneBytes: 0, totalBytes: undefined });
    const model = await load({
      onProgress: (progress) => state.set(loadingOf(progress)),
      onBackendChange: (report) => {
        if (loaded !== undefined) state.set(readyOf(loaded.model, report));
      },
    }).catch(failureOf);
    if (!model.ok) {
      state.set({ kind: 'failed', error: model.error });
      loading = undefined;
      return err(model.error);
    }
    if (disposed) await model.value.dispose();
    const segmenter = createLesionSegmenter(model.value, () => backendText(model.value.report), viewer);
    loaded = { model: model.value, segmenter };
    state.set(readyOf(model.value, model.value.report));
    return ok(segmenter);
  }

  return {
    state,
    get: () => {
      loading ??= start();
      return loading;
    },
    loaded: () => loaded?.segmenter,
    dispose() {
      disposed = true;
      void loaded?.model.dispose();
    },
  };
}

const NAMES = { webgpu: 'WebGPU', wasm: 'WebAssembly' } as const;
const nameOf = (backend: string): string => NAMES[backend as keyof typeof NAMES] ?? backend;

function backendText({ backend, threads }: BackendReport): string {
  return threads > 1 ? `${nameOf(backend)}, ${threads} threads` : nameOf(backend);
}

const readyOf = ({ manifest }: ReportingModel, report: BackendReport): ModelState => ({
  kind: 'ready',
  name: manifest.name,
  backend: backendText(report),
  notes: report.attempts.map(({ backend, reason, outcome }) =>
    outcome === 'ok' ? `${nameOf(backend)} is used: ${reason}` : `${nameOf(backend)} is not: ${reason}`,
  ),
});

function loadingOf(progress: StartProgress): ModelState {
  return progress.stage === 'download'
    ? { kind: 'loading', doing: 'Loading the model', doneBytes: progress.loaded, totalBytes: progress.total }
    : { kind: 'loading', doing: `Checking ${nameOf(progress.backend)}`, doneBytes: 0, totalBytes: undefined };
}
