import type { Keyframe, Knowledge, SliceGeometry } from './knowledge.ts';
import { isGap } from './legProgress.ts';
import { stepOf } from './legs.ts';
import type { Direction, StopReason } from './stopReason.ts';

/** What a volume model made of the lesion, slice by slice. */
export interface VolumeProfile {
  /** First and last slice that the model looked at. */
  readonly first: number;
  readonly last: number;
  /** Whether its mask has anything on slice k. */
  hasMask(k: number): boolean;
  /** Probability that the lesion is on slice k; undefined where the model did not look. */
  presence(k: number): number | undefined;
  /** Whether the mask reaches the first or the last sample of a region that was not widened any more. */
  readonly cutOff: boolean;
}

/** Where the mask of a slice comes from. Shares are places between the two slices, by millimetres. */
export type VolumeSlice =
  | { readonly k: number; readonly from: 'model' }
  /** Empty in the model, between two slices that have a mask. */
  | {
      readonly k: number;
      readonly from: 'neighbours';
      readonly below: number;
      readonly above: number;
      readonly share: number;
    }
  /** Empty in the model, between its outermost mask and the end that the reader gave: that mask, so much narrower. */
  | { readonly k: number; readonly from: 'taper'; readonly of: number; readonly share: number };

export interface VolumePlan {
  /** Ascending; keyframes are not among them. */
  readonly slices: readonly VolumeSlice[];
  readonly ends: Readonly<Record<Direction, { readonly k: number; readonly reason: StopReason }>>;
}

/** A slice with at least this probability of lesion contradicts an end before it; the presence output is generous at the ends. */
const PRESENT = 0.9;
/** A tapered mask is never narrower than this share of the one it comes from. */
const NARROWEST = 0.3;

/**
 * The lesion's slices and ends, given what the reader knows and what a volume model found in one run. Keyframes bound it: the
 * lesion reaches every slice that the reader has boxed, and the ends that the reader gave exactly. Pure.
 * @param keyframes ascending, at least one
 */
export function volumePlan(
  geometry: SliceGeometry,
  keyframes: readonly Keyframe[],
  knowledge: Knowledge,
  profile: VolumeProfile,
): VolumePlan {
  const first = endOf('towards-first', geometry, keyframes[0]!.k, knowledge.first, profile);
  const last = endOf('towards-last', geometry, keyframes.at(-1)!.k, knowledge.last, profile);
  const known = new Set(keyframes.map(({ k }) => k));
  const has = (k: number): boolean => known.has(k) || profile.hasMask(k);
  const slices: VolumeSlice[] = [];
  for (let k = first.k; k <= last.k; k += 1) {
    if (known.has(k)) continue;
    if (profile.hasMask(k)) slices.push({ k, from: 'model' });
    else slices.push(madeUp(k, geometry, { first: first.k, last: last.k }, has));
  }
  return { slices, ends: { 'towards-first': first, 'towards-last': last } };
}

/** @param outermost the reader's outermost slice on this side */
function endOf(
  direction: Direction,
  geometry: SliceGeometry,
  outermost: number,
  given: number | undefined,
  profile: VolumeProfile,
): { readonly k: number; readonly reason: StopReason } {
  if (given !== undefined) return { k: given, reason: 'range' };
  const step = stepOf(direction);
  const limit = step > 0 ? profile.last : profile.first;
  const border = step > 0 ? geometry.positions.length - 1 : 0;
  let end = outermost;
  for (let k = outermost + step; (limit - k) * step >= 0; k += step) {
    if (isGap(k - step, k, geometry)) return { k: end, reason: 'missing-slice' };
    if (profile.hasMask(k)) end = k;
  }
  if (end === border) return { k: end, reason: 'end-of-stack' };
  if (end === limit && profile.cutOff) return { k: end, reason: 'region-limit' };
  const beyond = profile.presence(end + step) ?? 0;
  return { k: end, reason: beyond >= PRESENT ? 'unsure-end' : 'model-end' };
}

function madeUp(
  k: number,
  geometry: SliceGeometry,
  range: { readonly first: number; readonly last: number },
  has: (k: number) => boolean,
): VolumeSlice {
  const { positions } = geometry;
  let [below, above] = [k - 1, k + 1];
  while (below >= range.first && !has(below)) below -= 1;
  while (above <= range.last && !has(above)) above += 1;
  const shareOf = (from: number, to: number): number => (positions[k]! - from) / (to - from);
  if (below >= range.first && above <= range.last) {
    return { k, from: 'neighbours', below, above, share: shareOf(positions[below]!, positions[above]!) };
  }
  const [of, end] = below >= range.first ? [below, range.last] : [above, range.first];
  // An ellipse that ends half a slice beyond the last one, so that the last one still has something.
  const gap = (positions[end]! - positions[of]!) / Math.abs(end - of);
  const share = shareOf(positions[of]!, positions[end]! + gap / 2);
  return { k, from: 'taper', of, share: Math.max(NARROWEST, Math.sqrt(1 - share ** 2)) };
}
