import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import { ok, type Result } from '#core/result.ts';
import type { Host, ReadableState } from '#extension-api';
import { chosenPreset, type ModelWindow, recipeWindow, type WindowChoice } from './modelWindow.ts';
import { failureOf } from './previewQueue.ts';
import type { SegmenterSource } from './segmenterPort.ts';
import { writableState } from './writableState.ts';

/** How the model sees the values of the open series. */
export interface WindowSource {
  readonly state: ReadableState<ModelWindow>;
  readonly choice: ReadableState<WindowChoice>;
  choose(choice: WindowChoice): void;
  /** The window, sampled from the series where the recipe wants it; sampled once for all that ask. */
  get(signal: AbortSignal): Promise<Result<IntensityWindow>>;
  /** Another model sees the values: its own recipe counts, the reader's choice stays. */
  again(): void;
  /** The series changed: everything is forgotten, what is under way is stopped. */
  forget(): void;
}

export function createWindowSource(host: Host, segmenter: SegmenterSource, onChange: () => void): WindowSource {
  const state = writableState<ModelWindow>({ kind: 'unknown' });
  const choice = writableState<WindowChoice>('recipe');
  let sampling: { readonly controller: AbortController; readonly done: Promise<Result<IntensityWindow>> } | undefined;

  async function sample(signal: AbortSignal): Promise<Result<IntensityWindow>> {
    const open = host.viewer.openSeries.getState();
    const model = await segmenter.get();
    if (open === undefined) return failureOf('no series is open');
    if (!model.ok) return model;
    const preset = chosenPreset(choice.getState(), open.series.modality);
    const onProgress = (done: number, total: number): void => {
      if (!signal.aborted) state.set({ kind: 'sampling', done, total });
    };
    const window =
      preset === undefined
        ? await recipeWindow(model.value.manifest, open, host.viewer, { signal, onProgress })
        : ok(preset);
    if (!signal.aborted) {
      state.set(window.ok ? { kind: 'ready', window: window.value } : { kind: 'failed', error: window.error });
      if (!window.ok) sampling = undefined;
    }
    return window;
  }

  function forget(): void {
    sampling?.controller.abort(new DOMException('The window is not wanted any more.', 'AbortError'));
    sampling = undefined;
    state.set({ kind: 'unknown' });
  }

  return {
    state,
    choice,
    choose(next) {
      if (next === choice.getState()) return;
      choice.set(next);
      forget();
      onChange();
    },
    async get(signal) {
      if (sampling === undefined) {
        const controller = new AbortController();
        sampling = { controller, done: sample(controller.signal).catch(failureOf) };
      }
      const window = await sampling.done;
      signal.throwIfAborted();
      return window;
    },
    again: forget,
    forget() {
      forget();
      choice.set('recipe');
    },
  };
}
