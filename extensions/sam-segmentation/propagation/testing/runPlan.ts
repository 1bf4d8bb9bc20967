import { type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import { boxAround, boxExtent } from '../../prompt/sliceBox.ts';
import type { SliceOutcome } from '../evidence.ts';
import type { Keyframe, Knowledge, SliceGeometry } from '../knowledge.ts';
import { nextStep, type PlanOptions, type Step, startPropagation } from '../plan.ts';

export const even = (slices: number, spacing = 3): SliceGeometry => ({
  positions: Array.from({ length: slices }, (_, k) => -100 + k * spacing),
  columnSpacing: 1,
  rowSpacing: 1,
});
export const box = (size: number, x = 50, y = 50): SliceBox => boxAround(slicePoint(x, y), size, size);
export const keyframe = (k: number, size: number, x = 50): Keyframe => ({ k, box: box(size, x), points: [] });

/** A reader's perfect model: the mask fills its box, looks like the lesion inside `first..last` and like fat beyond. */
export const lesion =
  (first: number, last: number) =>
  (step: Step & { readonly kind: 'segment' }): SliceOutcome => {
    const inside = step.k >= first && step.k <= last;
    const { width, height } = boxExtent(step.box);
    return {
      k: step.k,
      area: width * height,
      score: inside ? 0.9 : 0.5,
      box: step.box,
      intensity: { median: inside ? 40 : -100, spread: 10 },
      overlap: 1,
    };
  };

export type Segment = Step & { readonly kind: 'segment' };
type Stop = Step & { readonly kind: 'stop' };

/** Plays a plan to its end with a model: what was segmented, in order, and how each direction stopped. */
export function run(
  geometry: SliceGeometry,
  knowledge: Knowledge,
  model: (step: Segment) => SliceOutcome,
  options?: PlanOptions,
) {
  const started = startPropagation(geometry, knowledge, options);
  if (!started.ok) throw new Error(started.error.code);
  const segments: Segment[] = [];
  const stops: Stop[] = [];
  let { state, step } = nextStep(started.value);
  for (let turns = 0; step.kind !== 'done'; turns += 1) {
    if (turns > 500) throw new Error('The plan does not end');
    if (step.kind === 'stop') {
      stops.push(step);
      ({ state, step } = nextStep(state));
    } else {
      segments.push(step);
      ({ state, step } = nextStep(state, model(step)));
    }
  }
  return {
    segments,
    stops,
    ks: segments.map(({ k }) => k),
    boxOf: (k: number) => segments.find((s) => s.k === k)!.box,
  };
}

export const stopOf = (stops: readonly Stop[], direction: Stop['direction']) =>
  stops.find((s) => s.direction === direction)!;
export const widthOf = (b: SliceBox) => boxExtent(b).width;
