import type { Result } from '#core/result.ts';
import { startWorkerModel, type WorkerModel, type WorkerModelOptions } from './client.ts';
import { storedSelfCheckRecord } from './selfCheckRecord.ts';

/** What a page gives to load a model. */
export type BrowserModelOptions = Omit<WorkerModelOptions, 'manifestUrl' | 'createWorker' | 'record'>;

/**
 * Loads a model in this page: the worker, WebGPU or WebAssembly, self-check and all; see {@link startWorkerModel}.
 *
 * @param manifestUrl of a manifest.json, relative to the page or absolute
 */
export async function loadBrowserModel(
  manifestUrl: string,
  options: BrowserModelOptions = {},
): Promise<Result<WorkerModel>> {
  const record = storedSelfCheckRecord(localStorage, navigator.userAgent);
  // A page that is closed says goodbye, one that crashes does not: that tells the two apart at the next start.
  const goodbye = (): void => record.setTrying(undefined);
  addEventListener('pagehide', goodbye);
  const started = await startWorkerModel({
    ...options,
    record,
    manifestUrl: new URL(manifestUrl, document.baseURI).href,
    createWorker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' }),
  });
  removeEventListener('pagehide', goodbye);
  return started;
}
