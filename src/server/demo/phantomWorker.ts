import { parentPort } from 'node:worker_threads';
import { phantomInstance } from './phantomDicom.ts';

/** Makes the slices it is asked for by number; built as dist/demo.js. */
parentPort?.on('message', (k: number) => {
  const bytes = phantomInstance(k);
  parentPort?.postMessage({ k, bytes }, [bytes.buffer as ArrayBuffer]);
});
