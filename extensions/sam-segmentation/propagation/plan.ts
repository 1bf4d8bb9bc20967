import type { SliceBox } from '#core/geometry/coordinates.ts';
import { ok, type Result } from '#core/result.ts';
import type { PointPrompt } from '../prompt/modelPrompt.ts';
import { type EndModel, SARCOMA_ENDS, updated } from './endBelief.ts';
import { evidenceOf, type SliceOutcome } from './evidence.ts';
import { type Keyframe, type Knowledge, orderedKeyframes, type SliceGeometry } from './knowledge.ts';
import { endReached, keptSlices, type LegProgress, likelySlices, openLeg, plannedBox } from './legProgress.ts';
import { type Leg, largest, legsOf, stepOf } from './legs.ts';
import type { Direction, StopReason } from './stopReason.ts';

/** What to do next. `done` ends the propagation. */
export type Step =
  | {
      readonly kind: 'segment';
      readonly k: number;
      readonly box: SliceBox;
      readonly points: readonly PointPrompt[];
      /** `keyframe`: the reader's own slice; a mask accepted there is reported as it is. */
      readonly origin: 'keyframe' | 'planned';
      /** The slice before it on the same leg, whose mask it should overlap. */
      readonly after: number | undefined;
    }
  | {
      readonly kind: 'stop';
      readonly direction: Direction;
      readonly reason: StopReason;
      /** The outermost slice kept on this side. */
      readonly end: number;
      /** Slices that were looked at beyond the end, to be dropped. */
      readonly dropped: readonly number[];
    }
  | { readonly kind: 'done' };

/** Immutable; the same knowledge and the same outcomes lead through the same states. */
export interface PropagationState {
  readonly geometry: SliceGeometry;
  readonly endModel: EndModel;
  readonly pendingKeyframes: readonly Keyframe[];
  readonly pendingLegs: readonly Leg[];
  readonly current: LegProgress | undefined;
  readonly asked: (Step & { readonly kind: 'segment' }) | undefined;
  readonly outcomes: ReadonlyMap<number, SliceOutcome>;
}

export interface PlanOptions {
  /** Redo only what depends on this keyframe: the slices between it and its neighbours, or out to the end. */
  readonly changed?: number | undefined;
  readonly endModel?: EndModel | undefined;
}

/**
 * Opens a plan. One box: both directions with a guessed end (`prior`); ends given: out to them (`range`); boxes on the ends:
 * between them (`three-box`); any further box bounds what lies beside it.
 * @returns errors of {@link orderedKeyframes}
 */
export function startPropagation(
  geometry: SliceGeometry,
  knowledge: Knowledge,
  { changed, endModel = SARCOMA_ENDS }: PlanOptions = {},
): Result<PropagationState> {
  const keyframes = orderedKeyframes(knowledge, geometry.positions.length);
  if (!keyframes.ok) return keyframes;
  const legs = legsOf(keyframes.value, knowledge, geometry).filter(
    (leg) => changed === undefined || touches(leg, changed),
  );
  const key = largest(keyframes.value, geometry);
  const needed = keyframes.value.filter(({ k }) => changed === undefined || legs.some((leg) => touches(leg, k)));
  return ok({
    geometry,
    endModel,
    pendingKeyframes: [...needed].sort((a, b) => Number(b === key) - Number(a === key)),
    pendingLegs: legs,
    current: undefined,
    asked: undefined,
    outcomes: new Map(),
  });
}

const touches = (leg: Leg, k: number): boolean => leg.from.k === k || (leg.kind === 'between' && leg.to.k === k);

/**
 * The next step, given what came of the slice last asked for. Pure: the caller keeps the state.
 * @param outcome of the slice of the last `segment` step; undefined at the start and after a `stop`
 */
export function nextStep(state: PropagationState, outcome?: SliceOutcome): { state: PropagationState; step: Step } {
  const known = outcome === undefined ? { ...state, asked: undefined } : absorbed(state, outcome);
  const [keyframe, ...pendingKeyframes] = known.pendingKeyframes;
  if (keyframe !== undefined) {
    return ask({ ...known, pendingKeyframes }, { ...keyframe, kind: 'segment', origin: 'keyframe', after: undefined });
  }
  if (known.current === undefined) {
    const [leg, ...pendingLegs] = known.pendingLegs;
    if (leg === undefined) return { state: known, step: { kind: 'done' } };
    return nextStep({
      ...known,
      pendingLegs,
      current: openLeg(leg, known.outcomes.get(leg.from.k)?.box, known.geometry, known.endModel),
    });
  }
  return alongLeg(known, known.current);
}

/**
 * Slices that will probably be asked for from here on, soonest first, with the one that is asked for now: what can be got ready
 * together. A guess: a leg may end earlier or go further.
 */
export function likelyAhead(state: PropagationState): readonly number[] {
  const { asked, pendingKeyframes, current, pendingLegs, geometry, endModel, outcomes } = state;
  const legs = [
    ...(current === undefined ? [] : [current]),
    ...pendingLegs.map((leg) => openLeg(leg, outcomes.get(leg.from.k)?.box, geometry, endModel)),
  ];
  const now = asked === undefined ? [] : [asked.k];
  const slices = [...now, ...pendingKeyframes.map(({ k }) => k), ...legs.flatMap((leg) => likelySlices(leg, endModel))];
  return [...new Set(slices)];
}

const ask = (state: PropagationState, step: Step & { readonly kind: 'segment' }) => ({
  state: { ...state, asked: step },
  step,
});

function absorbed(state: PropagationState, outcome: SliceOutcome): PropagationState {
  const { asked, current } = state;
  if (asked === undefined || asked.k !== outcome.k) throw new Error(`Slice ${outcome.k} was not asked for`);
  const outcomes = new Map(state.outcomes).set(outcome.k, outcome);
  if (asked.origin === 'keyframe' || current === undefined) return { ...state, outcomes, asked: undefined };
  const { belief, leg } = current;
  const evidence = evidenceOf(outcome, asked.box, outcomes.get(leg.from.k)?.intensity, state.geometry);
  return {
    ...state,
    outcomes,
    asked: undefined,
    current: {
      ...current,
      slices: current.slices.slice(1),
      visited: [...current.visited, outcome.k],
      lastBox: outcome.box ?? current.lastBox,
      belief: belief === undefined ? undefined : updated(belief, evidence, state.endModel),
    },
  };
}

function alongLeg(state: PropagationState, current: LegProgress): { state: PropagationState; step: Step } {
  const { leg, slices } = current;
  const reason = endReached(current, state.geometry, state.endModel);
  if (reason === undefined) {
    const k = slices[0]!;
    const box = plannedBox(current, k, state.geometry);
    return ask(state, { kind: 'segment', k, box, points: [], origin: 'planned', after: k - stepOf(leg.direction) });
  }
  const closed = { ...state, current: undefined };
  if (leg.kind === 'between') return nextStep(closed);
  const kept = keptSlices(current);
  const end = leg.from.k + stepOf(leg.direction) * kept;
  const dropped = current.visited.slice(kept);
  return { state: closed, step: { kind: 'stop', direction: leg.direction, reason, end, dropped } };
}
