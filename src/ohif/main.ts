/**
 * The one file: OHIF imports it for the extension, and the extension starts its inference worker from it again. In the worker the
 * messages wait until the handler is there, because the module waits for it.
 */
import plugin from './plugin.ts';

if (typeof document === 'undefined') await import('../../extensions/sam-segmentation/inference/worker.ts');

export default plugin;
