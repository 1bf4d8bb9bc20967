import type { AppConfig } from '#extension-api';
import { testBrowserModel } from '../inference/browserModel.ts';
import { browserModelStore, nothingKept } from './cacheStore.ts';
import { createModelLibrary } from './createModelLibrary.ts';
import type { ModelLibrary } from './modelLibrary.ts';

/** The library of this page: the installation's models, and this browser's own disk for others. */
export function pageLibrary({ modelsRoot, defaultModel, propagationModel, modelHosts }: AppConfig): ModelLibrary {
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
        ? testBrowserModel(manifestUrl(defaultModel), { ...options, volumeUrl: url })
        : testBrowserModel(url, options),
    storage: localStorage,
    page: location.href,
    hosts: modelHosts ?? [],
  });
}
