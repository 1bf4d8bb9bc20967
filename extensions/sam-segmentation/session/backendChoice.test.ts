import { describe, expect, it } from 'vitest';
import type { Host } from '#extension-api';
import { type BackendChoice, createBackendChoice, followBackendChoice } from './backendChoice.ts';
import { backendInUseText } from './backendText.ts';
import type { ModelState } from './segmenterPort.ts';
import type { SamSession } from './session.ts';
import { initialSession, type SessionState } from './sessionState.ts';
import { drawn, play } from './testing/playSession.ts';
import { writableState } from './writableState.ts';

const NO_ADAPTER = 'WebGPU found no graphics adapter.';
const onWasm = (reason: string): ModelState => ({
  kind: 'ready',
  name: 'LiteMedSAM',
  backend: 'WebAssembly, 2 threads',
  notes: [],
  passedOver: [{ backend: 'webgpu', reason }],
});

function storage(kept: Record<string, string> = {}) {
  return {
    kept,
    getItem: (key: string): string | null => kept[key] ?? null,
    setItem: (key: string, value: string): void => {
      kept[key] = value;
    },
  };
}

/** As much of a session as the choice reaches: its state, and a model that is loaded when it is asked for. */
function follow(choice: BackendChoice, state: SessionState = initialSession) {
  const model = writableState<ModelState>(onWasm(NO_ADAPTER));
  const did: string[] = [];
  const shown: unknown[] = [];
  const session = {
    state: writableState(state),
    segmenter: {
      state: model,
      replace: () => did.push('replaced'),
      get: async () => did.push('loaded'),
    },
  } as unknown as SamSession;
  const host = { notices: { show: (notice: unknown) => shown.push(notice) } } as unknown as Host;
  followBackendChoice(host, session, choice);
  return { model, did, shown };
}

describe('on what the models run', () => {
  it('is kept in the browser, and automatic where what is kept means nothing', () => {
    const one = storage();
    createBackendChoice(one).choose('wasm');
    expect(Object.values(one.kept)).toEqual(['wasm']);
    expect(createBackendChoice(one).state.getState()).toBe('wasm');
    expect(createBackendChoice(storage({ 'voxprompt.inference.backend': 'cuda' })).state.getState()).toBe('automatic');
    const forbidden = {
      getItem: (): never => {
        throw new DOMException('denied', 'SecurityError');
      },
      setItem: (): never => {
        throw new DOMException('denied', 'SecurityError');
      },
    };
    const unkept = createBackendChoice(forbidden);
    unkept.choose('webgpu');
    expect(unkept.state.getState()).toBe('webgpu');
  });

  it('keeps WebGPU from being tried where WebAssembly was chosen, and nothing else', () => {
    const choice = createBackendChoice(storage());
    expect(choice.starting()).toEqual({});
    choice.choose('webgpu');
    expect(choice.starting()).toEqual({});
    choice.choose('wasm');
    expect(choice.applied.getState()).toBe('webgpu');
    expect(choice.starting()).toEqual({ webgpu: 'WebAssembly was chosen in the settings.' });
    expect(choice.applied.getState()).toBe('wasm');
  });

  it('starts the model again at once, but never under a lesion', () => {
    const choice = createBackendChoice(storage());
    const free = follow(choice);
    choice.choose('wasm');
    expect(free.did).toEqual(['replaced', 'loaded']);
    const other = createBackendChoice(storage());
    const busy = follow(other, play(20, drawn(10)).state);
    other.choose('wasm');
    expect(busy.did).toEqual([]);
  });

  it('tells at once that WebGPU was chosen and is not there, and what runs in its place', () => {
    const choice = createBackendChoice(storage());
    const { model, shown } = follow(choice);
    model.set(onWasm(NO_ADAPTER));
    expect(shown).toEqual([]);
    choice.choose('webgpu');
    choice.starting();
    model.set(onWasm(NO_ADAPTER));
    expect(shown).toEqual([
      {
        kind: 'warning',
        title: 'WebGPU was chosen, and cannot be used here.',
        detail: `${NO_ADAPTER} In use: WebAssembly, 2 threads.`,
      },
    ]);
  });

  it('says what is in use and why', () => {
    expect(backendInUseText({ kind: 'not-loaded' }, 'automatic')).toMatch(/WebGPU first, then WebAssembly/);
    expect(backendInUseText(onWasm(NO_ADAPTER), 'automatic')).toBe(
      `In use: WebAssembly, 2 threads. WebGPU is not used: ${NO_ADAPTER}`,
    );
    expect(backendInUseText(onWasm(NO_ADAPTER), 'webgpu')).toBe(
      `WebGPU was chosen, and cannot be used here. ${NO_ADAPTER} In use: WebAssembly, 2 threads.`,
    );
    expect(backendInUseText(onWasm('WebAssembly was chosen in the settings.'), 'wasm')).toBe(
      'In use: WebAssembly, 2 threads. WebGPU is not used: WebAssembly was chosen in the settings.',
    );
  });
});
