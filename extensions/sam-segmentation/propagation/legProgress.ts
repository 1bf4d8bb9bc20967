import type { SliceBox } from '#core/geometry/coordinates.ts';
import { boxCentre } from '../prompt/sliceBox.ts';
import {
  beliefAtStart,
  type EndBelief,
  type EndModel,
  likelyLooked,
  medianEnd,
  reasonForEnd,
  shareBehind,
} from './endBelief.ts';
import type { SliceGeometry } from './knowledge.ts';
import { halfGap, type Leg, stepOf } from './legs.ts';
import { boxBetweenKeyframes, boxTowardsEnd, taperedBox, taperedShare } from './profile.ts';
import type { StopReason } from './stopReason.ts';

/** A gap this many times the typical one means that images are missing (core: ratio above 1.5). */
const MISSING_GAP = 1.5;

/** How far a leg has come. */
export interface LegProgress {
  readonly leg: Leg;
  /** Slices still to segment, in order. */
  readonly slices: readonly number[];
  readonly visited: readonly number[];
  /** Box of the last mask that was not empty, or the keyframe's. */
  readonly lastBox: SliceBox;
  /** Where the end is guessed. */
  readonly belief: EndBelief | undefined;
}

/** @param maskBox tight box of the mask on the leg's keyframe, where there is one */
export function openLeg(
  leg: Leg,
  maskBox: SliceBox | undefined,
  geometry: SliceGeometry,
  endModel: EndModel,
): LegProgress {
  const { positions } = geometry;
  const step = stepOf(leg.direction);
  const border = step > 0 ? positions.length - 1 : 0;
  const limit = leg.kind === 'between' ? leg.to.k - step : (leg.end ?? border);
  const slices: number[] = [];
  for (let k = leg.from.k + step; (limit - k) * step >= 0; k += step) slices.push(k);
  const progress = { leg, slices, visited: [], lastBox: maskBox ?? leg.from.box, belief: undefined };
  if (leg.kind === 'between' || leg.end !== undefined) return progress;

  const reach = leg.taper.semiAxis - leg.taper.offset;
  const within = slices.filter((k) => distance(leg.from.k, k, geometry) <= endModel.furthest * reach);
  const borders = [leg.from.k, ...within].map((k) => distance(leg.from.k, k, geometry) + halfGap(geometry, k));
  return { ...progress, slices: within, belief: beliefAtStart(borders, reach, endModel) };
}

const distance = (from: number, to: number, { positions }: SliceGeometry): number =>
  Math.abs(positions[to]! - positions[from]!);

/** The prompt for a slice of the leg. */
export function plannedBox({ leg, lastBox }: LegProgress, k: number, geometry: SliceGeometry): SliceBox {
  const beyond = distance(leg.from.k, k, geometry);
  if (leg.kind === 'outward') return taperedBox(leg.from.box, taperedShare(leg.taper, beyond), boxCentre(lastBox));
  const share = beyond / distance(leg.from.k, leg.to.k, geometry);
  const between = leg.towardsEnd ? boxTowardsEnd : boxBetweenKeyframes;
  return between(leg.from.box, leg.to.box, share);
}

/** Why the leg ends here; undefined while it goes on. */
export function endReached(progress: LegProgress, geometry: SliceGeometry, endModel: EndModel): StopReason | undefined {
  const { leg, slices, visited, belief } = progress;
  const next = slices[0];
  if (belief === undefined) return next === undefined ? 'range' : undefined;
  if (next === undefined || shareBehind(belief) > endModel.certainty) {
    const last = visited[visited.length - 1] ?? leg.from.k;
    const atBorder = last === 0 || last === geometry.positions.length - 1;
    const kept = keptSlices(progress);
    if (next === undefined && atBorder && kept === visited.length) return 'end-of-stack';
    return reasonForEnd(belief, kept, endModel);
  }
  return isGap(next - stepOf(leg.direction), next, geometry) ? 'missing-slice' : undefined;
}

/** Slices that the leg will still ask for, as far as can be said before they are seen. */
export function likelySlices({ slices, visited, belief }: LegProgress, endModel: EndModel): readonly number[] {
  return belief === undefined ? slices : slices.slice(0, likelyLooked(belief, endModel) - visited.length);
}

/** How many of the visited slices belong to the lesion. */
export const keptSlices = ({ belief, visited }: LegProgress): number =>
  belief === undefined ? visited.length : Math.min(medianEnd(belief), visited.length);

/** Whether images are missing between two neighbouring slices. */
export function isGap(a: number, b: number, geometry: SliceGeometry): boolean {
  const gaps = geometry.positions.slice(1).map((position, k) => position - geometry.positions[k]!);
  const typical = gaps.sort((x, y) => x - y)[gaps.length >> 1] ?? 0;
  return distance(a, b, geometry) > MISSING_GAP * typical;
}
