import type { AppConfig } from '#extension-api';
import { testBrowserModel } from '../inference/browserModel.ts';
import type { BackendChoice } from '../session/backendChoice.ts';
import { browserModelStore, nothingKept } from './cacheStore.ts';
import { createModelLibrary } from './createModelLibrary.ts';
import type { ModelLibrary } from './modelLibrary.ts';

/** The library of this page: the installation's models, and this browser's own disk for others. */
export function pageLibrary(
  { modelsRoot, defaultModel, propagationModel, modelHosts }: AppConfig,
  backend: BackendChoice,
): ModelLibrary {
  const manifestUrl = (id: string): string => new URL(`${modelsRoot}${id}/manifest.json`, document.baseURI).href;
  const propagating =
    propagationModel === undefined
      ? []
      : [{ id: propagationModel, role: 'propagate', manifestUrl: manifestUrl(propagationModel) } as const];
  return createModelLibrary({
    builtIn: [{ id: defaultModel, role: 'prompt', manifestUrl: manifestUrl(defaultModel) }, ...propagating],
    store: browserModelStore(),
    noStore: nothingKept(),
    // A volume model runs beside a promptable one.
    test: (url, options) =>
      url === propagating[0]?.manifestUrl
        ? testBrowserModel(manifestUrl(defaultModel), { ...options, skip: backend.skipped(), volumeUrl: url })
        : testBrowserModel(url, { ...options, skip: backend.skipped() }),
    storage: localStorage,
    page: location.href,
    hosts: modelHosts ?? [],
  });
}
