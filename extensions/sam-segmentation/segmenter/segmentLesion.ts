import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { ok, type Result } from '#core/result.ts';
import type { SlicePrompt } from '../prompt/modelPrompt.ts';
import type { Knowledge } from '../propagation/knowledge.ts';
import { likelyAhead, nextStep, type PlanOptions, type Step, startPropagation } from '../propagation/plan.ts';
import type { Scope } from '../propagation/scope.ts';
import type { Direction, StopReason } from '../propagation/stopReason.ts';
import { fillGaps } from './fillGaps.ts';
import { lookAhead } from './lookAhead.ts';
import type { MeasuredMask, SliceSegmenter } from './sliceSegmenter.ts';

/** A slice of the lesion, with where its mask comes from. */
export interface LesionSlice extends MeasuredMask {
  readonly k: number;
  /**
   * `reader`: given by the reader; `keyframe`: from the reader's box; `glimpse`: from the reader's box too, by the volume model alone
   * until the promptable model has had its say; `planned`: from the planner's; `volume`: of the volume model; `refined`: of both
   * models; `interpolated` from its neighbours.
   */
  readonly origin: 'reader' | 'keyframe' | 'glimpse' | 'planned' | 'volume' | 'refined' | 'interpolated';
  /** The model's own estimate of the overlap (the volume model's for `refined`); undefined where no model made the mask. */
  readonly score: number | undefined;
  readonly prompt: SlicePrompt | undefined;
}

export interface LesionEnd {
  readonly reason: StopReason;
  /** Outermost slice kept. */
  readonly k: number;
}

/** The lesion as far as it is known; slices without a mask are absent. */
export interface Lesion {
  readonly slices: ReadonlyMap<number, LesionSlice>;
  /** A side is absent where only the slices between keyframes were redone. */
  readonly ends: Readonly<Partial<Record<Direction, LesionEnd>>>;
}

export type LesionEvent =
  | { readonly kind: 'slice'; readonly slice: LesionSlice }
  /** Slices that came together: of one run of a volume model. */
  | { readonly kind: 'slices'; readonly slices: readonly LesionSlice[] }
  | {
      readonly kind: 'stop';
      readonly direction: Direction;
      readonly end: LesionEnd;
      readonly dropped: readonly number[];
    };

export interface SegmentLesionOptions extends PlanOptions {
  /** Cancels between slices: what there is by then is the result, with the reason `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  /** Called as slices arrive; a slice may be dropped by a later `stop`, or replaced. */
  readonly onEvent?: ((event: LesionEvent) => void) | undefined;
  /** Masks of keyframes that the reader has accepted or edited, by k: they are kept as they are. */
  readonly readerMasks?: ReadonlyMap<number, SliceMask> | undefined;
  /** Keyframes whose masks the reader sees already, by k: kept as they are, but no news to a volume model, whose own they may be. */
  readonly seenMasks?: ReadonlyMap<number, SliceMask> | undefined;
  /** What may change; the rest is neither reported nor part of the result. Only a volume model, which gives all at once, needs it. */
  readonly scope?: Scope | undefined;
}

/**
 * Runs a propagation: asks the planner, segments the slice, tells the planner what came of it. It decides nothing itself.
 * @returns errors of {@link startPropagation}, of the source and of the model; slices reported before an error stay valid
 */
export async function segmentLesion(
  segmenter: SliceSegmenter,
  knowledge: Knowledge,
  { signal, onEvent, readerMasks, seenMasks: _seen, scope: _scope, ...plan }: SegmentLesionOptions = {},
): Promise<Result<Lesion>> {
  const started = startPropagation(segmenter.source.geometry, knowledge, plan);
  if (!started.ok) return started;
  const slices = new Map<number, LesionSlice>();
  const ends: Partial<Record<Direction, LesionEnd>> = {};
  const report = (slice: LesionSlice): void => {
    slices.set(slice.k, slice);
    onEvent?.({ kind: 'slice', slice });
  };

  const ahead = lookAhead(segmenter, signal);
  let { state, step } = nextStep(started.value);
  while (step.kind !== 'done') {
    if (step.kind === 'stop') {
      const { direction, dropped } = step;
      for (const k of dropped) slices.delete(k);
      const end = { reason: step.reason, k: step.end };
      ends[direction] = end;
      onEvent?.({ kind: 'stop', direction, end, dropped });
      ({ state, step } = nextStep(state));
      continue;
    }
    ahead.towards(likelyAhead(state).filter((k) => readerMasks?.get(k) === undefined));
    const slice = await lesionSlice(segmenter, step, readerMasks?.get(step.k), signal);
    if (signal?.aborted) break;
    if (!slice.ok) {
      ahead.end();
      return slice;
    }
    report(slice.value);
    const overlap = overlapWith(slice.value, step.after === undefined ? undefined : slices.get(step.after));
    ({ state, step } = nextStep(state, { ...slice.value, score: slice.value.score ?? 1, overlap }));
  }

  ahead.end();
  if (signal?.aborted) endCancelled(slices, ends, onEvent);
  const filled = await fillGaps(segmenter, slices, report);
  if (!filled.ok) return filled;
  return ok({ slices: new Map([...slices].filter(([, { box }]) => box !== undefined)), ends });
}

/** One slice as the reader made it, or as the model makes it of its prompt. */
export async function lesionSlice(
  segmenter: SliceSegmenter,
  { k, box, points, origin }: Pick<Step & { readonly kind: 'segment' }, 'k' | 'box' | 'points' | 'origin'>,
  readerMask: SliceMask | undefined,
  signal: AbortSignal | undefined,
): Promise<Result<LesionSlice>> {
  if (readerMask !== undefined) {
    const measured = await segmenter.measure(k, readerMask, { signal });
    if (!measured.ok) return measured;
    return ok({ ...measured.value, k, origin: 'reader', score: undefined, prompt: undefined });
  }
  const prompt = { box, points };
  const segmented = await segmenter.segment(k, prompt, { signal, priority: 'propagation' });
  return segmented.ok ? ok({ ...segmented.value, origin, prompt }) : segmented;
}

/** Share of the slice's mask that lies on the neighbour's; undefined where one of them is empty or absent. */
function overlapWith(slice: MeasuredMask, neighbour: MeasuredMask | undefined): number | undefined {
  if (slice.box === undefined || neighbour?.box === undefined) return undefined;
  let own = 0;
  let shared = 0;
  slice.mask.forEach((value, index) => {
    own += value;
    shared += value & neighbour.mask[index]!;
  });
  return shared / own;
}

/** Ends the sides that a cancelled run has left open. */
export function endCancelled(
  slices: ReadonlyMap<number, LesionSlice>,
  ends: Partial<Record<Direction, LesionEnd>>,
  onEvent: SegmentLesionOptions['onEvent'],
): void {
  if (slices.size === 0) return;
  const reached = { 'towards-first': Math.min(...slices.keys()), 'towards-last': Math.max(...slices.keys()) };
  for (const direction of ['towards-first', 'towards-last'] as const) {
    if (ends[direction] !== undefined) continue;
    const end = { reason: 'cancelled', k: reached[direction] } as const;
    ends[direction] = end;
    onEvent?.({ kind: 'stop', direction, end, dropped: [] });
  }
}
