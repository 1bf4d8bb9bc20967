import type { Result } from '#core/result.ts';
import type { Knowledge } from '../propagation/knowledge.ts';
import { segmentByVolume } from './segmentByVolume.ts';
import { type Lesion, type SegmentLesionOptions, segmentLesion } from './segmentLesion.ts';
import type { SliceSegmenter } from './sliceSegmenter.ts';
import type { VolumeSegmenter } from './volumeSegmenter.ts';

/** Who propagates: a volume model, the promptable model keeping the reader's slices; or the promptable model alone. */
export interface LesionEngine {
  readonly segmenter: SliceSegmenter;
  readonly volume: VolumeSegmenter | undefined;
}

/** The whole lesion from what the reader knows, with whichever models there are. */
export const propagateLesion = (
  { segmenter, volume }: LesionEngine,
  knowledge: Knowledge,
  options?: SegmentLesionOptions,
): Promise<Result<Lesion>> =>
  volume === undefined
    ? segmentLesion(segmenter, knowledge, options)
    : segmentByVolume(segmenter, volume, knowledge, options);
