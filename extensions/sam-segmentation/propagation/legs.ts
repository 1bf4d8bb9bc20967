import type { Keyframe, Knowledge, SliceGeometry } from './knowledge.ts';
import { halfSize, REACH, type Taper } from './profile.ts';
import type { Direction } from './stopReason.ts';

/** A run of slices between what is known. Slices lie strictly beyond `from`; `to` is a keyframe and not part of it. */
export type Leg =
  | {
      readonly kind: 'between';
      readonly from: Keyframe;
      readonly to: Keyframe;
      /** Whether `to` is the lesion's last slice on that side. */
      readonly towardsEnd: boolean;
      readonly direction: Direction;
    }
  | {
      readonly kind: 'outward';
      readonly from: Keyframe;
      readonly taper: Taper;
      /** The end slice where the reader gave it. */
      readonly end: number | undefined;
      readonly direction: Direction;
    };

export const stepOf = (direction: Direction): 1 | -1 => (direction === 'towards-last' ? 1 : -1);

/** What the knowledge leaves open, from the largest box outwards. */
export function legsOf(keyframes: readonly Keyframe[], knowledge: Knowledge, geometry: SliceGeometry): readonly Leg[] {
  const key = largest(keyframes, geometry);
  const upper = keyframes.slice(keyframes.indexOf(key));
  const lower = keyframes.slice(0, keyframes.indexOf(key) + 1).reverse();
  return [
    ...sideLegs(lower, knowledge.first, 'towards-first', geometry),
    ...sideLegs(upper, knowledge.last, 'towards-last', geometry),
  ];
}

/** The keyframe with the largest box: the key slice of the lesion. */
export const largest = (keyframes: readonly Keyframe[], geometry: SliceGeometry): Keyframe =>
  keyframes.reduce((best, next) => (halfSize(next.box, geometry) > halfSize(best.box, geometry) ? next : best));

/** @param chain keyframes from the key outwards */
function sideLegs(
  chain: readonly Keyframe[],
  end: number | undefined,
  direction: Direction,
  geometry: SliceGeometry,
): readonly Leg[] {
  const legs: Leg[] = chain.slice(1).map((to, index) => ({
    kind: 'between',
    from: chain[index]!,
    to,
    towardsEnd: to.k === end,
    direction,
  }));
  const from = chain[chain.length - 1]!;
  const taper = taperOf(chain[0]!, from, end, geometry);
  return [...legs, { kind: 'outward', from, taper, end, direction }];
}

/**
 * The ellipsoid through the key box and the outermost box. A smaller outermost box already lies on its slope and tells where
 * the end is (s = S sqrt(1 - d²/L²)); a single box, or one as large as the key's, lies on its equator.
 */
function taperOf(key: Keyframe, outer: Keyframe, end: number | undefined, geometry: SliceGeometry): Taper {
  const at = (k: number): number => geometry.positions[k]!;
  const [whole, outermost] = [halfSize(key.box, geometry), halfSize(outer.box, geometry)];
  const share = outermost / whole;
  const offset = share < 1 ? Math.abs(at(outer.k) - at(key.k)) : 0;
  const half = halfGap(geometry, end ?? outer.k);
  if (end !== undefined) return { offset, semiAxis: offset + Math.abs(at(end) - at(outer.k)) + half };
  if (offset === 0) return { offset, semiAxis: REACH * outermost + half };
  const throughBoth = offset / Math.sqrt(1 - share * share);
  const beyond = Math.min(Math.max(throughBoth - offset, half), REACH * outermost);
  return { offset, semiAxis: offset + beyond + half };
}

/** Half the distance to the neighbouring slices, mm: a slice's own share of the stack. */
export function halfGap({ positions }: SliceGeometry, k: number): number {
  const gaps = [k - 1, k].flatMap((below) => {
    const [a, b] = [positions[below], positions[below + 1]];
    return a === undefined || b === undefined ? [] : [b - a];
  });
  return gaps.length === 0 ? 0 : Math.min(...gaps) / 2;
}
