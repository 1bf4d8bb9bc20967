import { ok, type Result } from '#core/result.ts';
import { backendName } from './backendName.ts';
import { startWorkerModel, type WorkerModel } from './client.ts';
import type { WorkerModelOptions } from './connection.ts';
import { type SelfCheckRecord, storedSelfCheckRecord } from './selfCheckRecord.ts';

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
  return started(manifestUrl, options, storedSelfCheckRecord(localStorage, navigator.userAgent));
}

/**
 * Loads a model in a worker of its own, has it pass its self-check whatever was passed before, and closes it again. What it passed
 * is remembered. Errors as of {@link startWorkerModel}.
 *
 * @param manifestUrl of a promptable model
 * @param options `volumeUrl`: of a volume model, which is tested in its place, beside it as in use
 * @returns where it ran and how it passed, half a sentence for the reader
 */
export async function testBrowserModel(
  manifestUrl: string,
  { volumeUrl, ...options }: BrowserModelOptions & { readonly volumeUrl?: string } = {},
): Promise<Result<{ readonly words: string }>> {
  const record = storedSelfCheckRecord(localStorage, navigator.userAgent);
  const model = await started(manifestUrl, options, { ...record, passed: () => [] });
  if (!model.ok) return model;
  const { onProgress } = options;
  const volume = volumeUrl === undefined ? undefined : await model.value.loadVolume(volumeUrl, { onProgress });
  const tested = volume ?? model;
  const report = tested.ok ? tested.value.report : undefined;
  await model.value.dispose();
  if (!tested.ok) return tested;
  const passed = report?.attempts.find(({ outcome }) => outcome === 'ok');
  return ok({ words: `${backendName(report?.backend ?? '')}: ${passed?.reason ?? ''}` });
}

async function started(
  manifestUrl: string,
  options: BrowserModelOptions,
  record: SelfCheckRecord,
): Promise<Result<WorkerModel>> {
  // A page that is closed says goodbye, one that crashes does not: that tells the two apart at the next start.
  const goodbye = (): void => record.setTrying(undefined);
  addEventListener('pagehide', goodbye);
  const model = await startWorkerModel({
    ...options,
    record,
    manifestUrl: new URL(manifestUrl, document.baseURI).href,
    createWorker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' }),
  });
  removeEventListener('pagehide', goodbye);
  return model;
}
