import type { SliceBox } from '#core/geometry/coordinates.ts';
import type { Knowledge } from '../../propagation/knowledge.ts';
import { lesionFrame } from '../lesionFrame.ts';
import { propagateLesion } from '../propagateLesion.ts';
import type { LesionEvent, SegmentLesionOptions } from '../segmentLesion.ts';
import { createSliceSegmenter } from '../sliceSegmenter.ts';
import type { SliceSource } from '../sliceSource.ts';
import { createVolumeSegmenter } from '../volumeSegmenter.ts';
import { brightnessModel } from './brightnessModel.ts';
import { type BrightVolumeModel, brightVolumeModel } from './brightVolumeModel.ts';
import { spherePhantom } from './spherePhantom.ts';

/** A bright sphere, 71 x 64 pixels, 41 slices. */
export const sphere = { columns: 71, rows: 64, slices: 41, centre: [33, 30, 20], radius: 14 } as const;
const keyBox: SliceBox = { x0: 19, y0: 16, x1: 47, y1: 44 };
export const keyframe = (k: number, box = keyBox) => ({ k, box, points: [] });
export const oneBox: Knowledge = { keyframes: [keyframe(20)] };

/** Both models at work on a source, before anything is asked. */
export function setUp(model: BrightVolumeModel, source: SliceSource) {
  const sam = brightnessModel();
  const frame = lesionFrame([keyBox], { size: sam.manifest.input.size, factor: sam.manifest.region.factor });
  return { sam, segmenter: createSliceSegmenter(sam, source, frame), volume: createVolumeSegmenter(model, source) };
}

/** What comes of the knowledge, with everything that was reported and asked on the way. */
export async function lesionOf(
  knowledge: Knowledge,
  {
    model = brightVolumeModel(),
    source = spherePhantom(sphere),
    ...options
  }: SegmentLesionOptions & {
    model?: BrightVolumeModel;
    source?: SliceSource;
  } = {},
) {
  const { sam, segmenter, volume } = setUp(model, source);
  const events: LesionEvent[] = [];
  const result = await propagateLesion({ segmenter, volume }, knowledge, {
    ...options,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  if (!result.ok) throw new Error(result.error.message);
  const { slices, ends } = result.value;
  return { slices, ends, events, model, sam, ks: [...slices.keys()].sort((a, b) => a - b) };
}

/** Set pixels. */
export const area = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value, 0);
/** first to last. */
export const range = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
