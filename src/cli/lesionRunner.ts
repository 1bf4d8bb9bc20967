import type { SegmentVoxels } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import {
  createSliceSegmenter,
  type Knowledge,
  type Lesion,
  lesionFrame,
  type PromptableModel,
  propagateLesion,
  type SliceSegmenter,
  type SliceSource,
  type VolumeSegmenter,
} from '../../extensions/sam-segmentation/node.ts';

/** A lesion with what it cost. */
export interface LesionRun {
  readonly lesion: Lesion;
  readonly seconds: number;
  /** Processor time, all threads: on a busy machine the clock on the wall says little. */
  readonly cpuSeconds: number;
  /** Slices asked of the model, with those that were dropped again. */
  readonly slicesSegmented: number;
}

/** Prompts to lesions in one series, as in the viewer: embeddings are kept while all boxes fit the frame. */
export interface LesionRunner {
  /** Errors of the planner, the source and the model. */
  run(knowledge: Knowledge): Promise<Result<LesionRun>>;
  /** The segmenter whose frame holds these boxes. */
  segmenterFor(boxes: readonly Knowledge['keyframes'][number]['box'][]): SliceSegmenter;
  /** Gives the embeddings' memory back. */
  release(): void;
}

/** @param volume the model that propagates; without it the prompted one does */
export function createLesionRunner(
  model: PromptableModel,
  source: SliceSource,
  volume?: VolumeSegmenter,
): LesionRunner {
  const { input, region } = model.manifest;
  let present: SliceSegmenter | undefined;

  function segmenterFor(boxes: readonly Knowledge['keyframes'][number]['box'][]): SliceSegmenter {
    const frame = lesionFrame(boxes, { size: input.size, factor: region.factor }, present?.frame);
    if (present?.frame === frame) return present;
    present?.release();
    present = createSliceSegmenter(model, source, frame);
    return present;
  }

  return {
    segmenterFor,
    async run(knowledge) {
      const startedAt = performance.now();
      const cpuBefore = process.cpuUsage();
      let slicesSegmented = 0;
      const segmenter = segmenterFor(knowledge.keyframes.map(({ box }) => box));
      const lesion = await propagateLesion({ segmenter, volume }, knowledge, {
        onEvent: (event) => {
          if (event.kind === 'slice') slicesSegmented += event.slice.origin === 'glimpse' ? 0 : 1;
          else if (event.kind === 'slices') slicesSegmented += event.slices.length;
        },
      });
      if (!lesion.ok) return lesion;
      const { user, system } = process.cpuUsage(cpuBefore);
      return ok({
        lesion: lesion.value,
        seconds: (performance.now() - startedAt) / 1000,
        cpuSeconds: (user + system) / 1e6,
        slicesSegmented,
      });
    },
    release: () => present?.release(),
  };
}

/** Voxels by slice. */
export const masksOf = ({ slices }: Lesion): SegmentVoxels =>
  new Map([...slices].map(([k, { mask }]) => [k, mask] as const));
