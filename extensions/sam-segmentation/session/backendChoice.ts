import type { Host, ReadableState } from '#extension-api';
import type { SkippedBackends } from '../inference/protocol.ts';
import { backendWords } from './backendText.ts';
import type { SamSession } from './session.ts';
import { writableState } from './writableState.ts';

/** On what the models run in this browser: the fastest that works, or what the reader wants. */
export const BACKEND_CHOICES = ['automatic', 'webgpu', 'wasm'] as const;
export type BackendPreference = (typeof BACKEND_CHOICES)[number];

export interface BackendChoice {
  readonly state: ReadableState<BackendPreference>;
  /** What the last start of a model was told. */
  readonly applied: ReadableState<BackendPreference>;
  /** Holds from the next start of a model. */
  choose(preference: BackendPreference): void;
  /**
   * What must not be tried. WebGPU comes first anyway, and WebAssembly takes over where it cannot be used: whoever asks for
   * WebGPU shall still be able to work.
   */
  skipped(): SkippedBackends;
  /** The same, for the model that is prompted and starts now. */
  starting(): SkippedBackends;
}

const KEY = 'voxprompt.inference.backend';

/** Kept in the browser, beside the other settings: nothing of any image. Storage that is forbidden keeps it for this page. */
export function createBackendChoice(storage: Pick<Storage, 'getItem' | 'setItem'>): BackendChoice {
  const state = writableState<BackendPreference>(read(storage));
  const applied = writableState(state.getState());
  const skipped = (): SkippedBackends => (state.getState() === 'wasm' ? { webgpu: backendWords.chosenAgainst } : {});
  return {
    state,
    applied,
    skipped,
    choose(preference) {
      state.set(preference);
      try {
        storage.setItem(KEY, preference);
      } catch {
        // Full or forbidden: see above.
      }
    },
    starting() {
      applied.set(state.getState());
      return skipped();
    },
  };
}

function read(storage: Pick<Storage, 'getItem'>): BackendPreference {
  try {
    const stored = storage.getItem(KEY);
    return BACKEND_CHOICES.find((known) => known === stored) ?? 'automatic';
  } catch {
    return 'automatic';
  }
}

/** A choice holds at once where no lesion is being worked on; one that cannot be had is told as soon as that is known. */
export function followBackendChoice(host: Host, session: SamSession, choice: BackendChoice): () => void {
  const { segmenter } = session;
  const ends = [
    choice.state.subscribe(() => {
      const { lesion } = session.state.getState();
      const { kind } = segmenter.state.getState();
      if ('prompts' in lesion || kind === 'not-loaded') return;
      segmenter.replace();
      void segmenter.get();
    }),
    segmenter.state.subscribe(() => {
      const model = segmenter.state.getState();
      if (model.kind !== 'ready' || choice.applied.getState() !== 'webgpu') return;
      const missing = model.passedOver.find(({ backend }) => backend === 'webgpu');
      if (missing === undefined) return;
      const detail = backendWords.instead(missing.reason, model.backend);
      host.notices.show({ kind: 'warning', title: backendWords.notThere, detail });
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
