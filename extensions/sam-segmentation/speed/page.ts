import type { SpeedRequest } from './worker.ts';

declare global {
  interface Window {
    /** Runs one measurement in a worker of its own, and tells the memory of the page with the worker, bytes. */
    measureSpeed(request: SpeedRequest): Promise<{ readonly answer: unknown; readonly memory: number | undefined }>;
  }
}

interface MeasuresMemory {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

window.measureSpeed = async (request) => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'speed' });
  const answer = await new Promise<unknown>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ ok: false, error: { code: 'worker', message } });
    const [manifestUrl, volumeUrl] = [request.manifestUrl, request.volumeUrl].map(
      (url) => new URL(url, document.baseURI).href,
    );
    worker.postMessage({ ...request, manifestUrl, volumeUrl });
  });
  // Chromium only, and not everywhere.
  const memory = await (performance as MeasuresMemory).measureUserAgentSpecificMemory?.().catch(() => undefined);
  worker.terminate();
  return { answer, memory: memory?.bytes };
};
