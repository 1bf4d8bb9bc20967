import { assertNever } from '#core/errors.ts';
import { backendName } from '../inference/backendName.ts';
import type { BackendPreference } from './backendChoice.ts';
import type { ModelState } from './segmenterPort.ts';

/** Every word of the choice on what models run. Apart from the others: a host without settings need not load it. */
export const backendWords = {
  label: 'Models run on',
  command: 'Choose what models run on (WebGPU, WebAssembly)',
  names: { automatic: 'Automatic', webgpu: 'WebGPU', wasm: 'WebAssembly' },
  notYet: 'Tried when the model is loaded: WebGPU first, then WebAssembly.',
  trying: 'Being tried.',
  inUse: (backend: string) => `In use: ${backend}.`,
  because: (name: string, reason: string) => `${name} is not used: ${reason}`,
  instead: (reason: string, backend: string) => `${reason} In use: ${backend}.`,
  notThere: 'WebGPU was chosen, and cannot be used here.',
  chosenAgainst: 'WebAssembly was chosen in the settings.',
  later: 'From the next start of the model: a lesion is being worked on.',
  none: (problem: string) => `None is in use. ${problem}`,
} as const;

/**
 * On what the models run now, and why not on something faster.
 * @param wanted what this start of the model was told
 */
export function backendInUseText(model: ModelState, wanted: BackendPreference): string {
  const words = backendWords;
  switch (model.kind) {
    case 'not-loaded':
      return words.notYet;
    case 'loading':
      return words.trying;
    case 'failed':
      return words.none(model.error.message);
    case 'ready': {
      const missing = model.passedOver.find(({ backend }) => backend === 'webgpu');
      if (wanted === 'webgpu' && missing !== undefined) {
        return `${words.notThere} ${words.instead(missing.reason, model.backend)}`;
      }
      const reasons = model.passedOver.map(({ backend, reason }) => words.because(backendName(backend), reason));
      return [words.inUse(model.backend), ...reasons].join(' ');
    }
    default:
      return assertNever(model);
  }
}
