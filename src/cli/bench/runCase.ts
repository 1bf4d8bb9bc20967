import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import {
  createSliceSegmenter,
  type Direction,
  type Knowledge,
  type Lesion,
  lesionFrame,
  type PromptableModel,
  type SliceSegmenter,
  segmentLesion,
} from '../../../extensions/sam-segmentation/node.ts';
import type { BenchCase } from './cases.ts';
import { openCase } from './openCase.ts';
import { dice, mean } from './statistics.ts';
import type { Truth } from './truth.ts';

/** One end of an automatic lesion: slices beyond (+) or short of (-) the expert's end, and the reason given. */
export interface EndReport {
  readonly slices: number;
  readonly reason: string;
}

export interface CaseResult {
  readonly id: string;
  readonly modality: string;
  readonly lesionSlices: number;
  /** 2D Dice of the key slice from its tight box. */
  readonly key: number;
  /** Mean 2D Dice over the lesion's slices, each from its own tight box. */
  readonly everyBox: number;
  /** 3D Dice: one box; one box and both end slices; boxes on first, key and last slice. */
  readonly prior: number;
  readonly range: number;
  readonly threeBox: number;
  readonly ends: Readonly<Record<Direction, EndReport>>;
  /** One box to the whole lesion, nothing encoded before. */
  readonly seconds: number;
  /** Slices that one box needed to encode. */
  readonly slicesSegmented: number;
}

/**
 * All protocols on one case; the embeddings of the first are used by the others.
 * @returns errors of reading the images and the mask, and of the model
 */
export async function runCase(benchCase: BenchCase, model: PromptableModel): Promise<Result<CaseResult>> {
  const opened = await openCase(benchCase, model.manifest);
  if (!opened.ok) return opened;
  const { source, truth, k } = opened.value;
  const { input, region } = model.manifest;
  const frame = lesionFrame([benchCase.box], { size: input.size, factor: region.factor });
  const segmenter = createSliceSegmenter(model, source, frame);
  try {
    return await protocols(benchCase, k, truth, segmenter);
  } finally {
    segmenter.release();
  }
}

async function protocols(
  { id, modality, box }: BenchCase,
  k: number,
  truth: Truth,
  segmenter: SliceSegmenter,
): Promise<Result<CaseResult>> {
  const keyframe = { k, box, points: [] };
  const { first, last } = truth;
  const startedAt = performance.now();
  let slicesSegmented = 0;
  const prior = await segmentLesion(
    segmenter,
    { keyframes: [keyframe] },
    {
      onEvent: ({ kind }) => {
        if (kind === 'slice') slicesSegmented += 1;
      },
    },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  if (!prior.ok) return prior;
  const range = await segmentLesion(segmenter, { keyframes: [keyframe], first, last });
  if (!range.ok) return range;
  const threeBox = await segmentLesion(segmenter, threeBoxes(keyframe, truth));
  if (!threeBox.ok) return threeBox;
  const every: number[] = [];
  for (const [slice, tight] of truth.boxes) {
    const segmented = await segmenter.segment(slice, { box: tight, points: [] });
    if (!segmented.ok) return segmented;
    every.push(dice(new Map([[slice, segmented.value.mask]]), only(truth.masks, slice)));
  }
  return ok({
    id,
    modality,
    lesionSlices: truth.masks.size,
    key: dice(only(masksOf(prior.value), k), only(truth.masks, k)),
    everyBox: mean(every),
    prior: dice(masksOf(prior.value), truth.masks),
    range: dice(masksOf(range.value), truth.masks),
    threeBox: dice(masksOf(threeBox.value), truth.masks),
    ends: {
      'towards-first': endReport(prior.value, 'towards-first', first, -1),
      'towards-last': endReport(prior.value, 'towards-last', last, 1),
    },
    seconds,
    slicesSegmented,
  });
}

function threeBoxes(keyframe: Knowledge['keyframes'][number], { boxes, first, last }: Truth): Knowledge {
  const ends = [...new Set([first, last])].filter((k) => k !== keyframe.k);
  return { keyframes: [keyframe, ...ends.map((k) => ({ k, box: boxes.get(k)!, points: [] }))], first, last };
}

const only = (masks: ReadonlyMap<number, SliceMask>, k: number): ReadonlyMap<number, SliceMask> => {
  const mask = masks.get(k);
  return new Map(mask === undefined ? [] : [[k, mask]]);
};

const masksOf = ({ slices }: Lesion): ReadonlyMap<number, SliceMask> =>
  new Map([...slices].map(([k, { mask }]) => [k, mask]));

function endReport({ ends }: Lesion, direction: Direction, trueEnd: number, outward: 1 | -1): EndReport {
  const end = ends[direction]!;
  return { slices: (end.k - trueEnd) * outward, reason: end.reason };
}
