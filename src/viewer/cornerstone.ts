import * as core from '@cornerstonejs/core';
import dicomImageLoader from '@cornerstonejs/dicom-image-loader';
import * as tools from '@cornerstonejs/tools';
import { createEngine } from './engine.ts';
import { createSliceIndex, IMAGE_SCHEME, type SliceIndex } from './series/openSlices.ts';
import { sliceLoader } from './series/sliceLoader.ts';
import { sliceMetadata } from './series/sliceMetadata.ts';

export const ENGINE_ID = 'voxprompt';

export interface Cornerstone {
  readonly engine: core.ContextPoolRenderingEngine;
  readonly index: SliceIndex;
}

let started: Cornerstone | undefined;

/**
 * Starts Cornerstone once for the life of the page. There is one rendering engine: a second one would open more WebGL contexts
 * than browsers keep, and segmentations of the first would come back on it with textures of another context.
 */
export function startCornerstone(): Cornerstone {
  if (started !== undefined) return started;
  // One context: all planes then share the textures of the volume and the labelmap instead of holding a copy each.
  core.init({ ...core.getConfiguration(), rendering: { ...core.getConfiguration().rendering, webGlContextCount: 1 } });
  tools.init();
  dicomImageLoader.init({
    maxWebWorkers: Math.max(1, Math.min(4, Math.floor((navigator.hardwareConcurrency ?? 2) / 2))),
  });
  const index = createSliceIndex();
  core.metaData.addProvider(sliceMetadata(index), 10_000);
  core.imageLoader.registerImageLoader(IMAGE_SCHEME, sliceLoader(index));
  started = { engine: createEngine(ENGINE_ID), index };
  return started;
}
