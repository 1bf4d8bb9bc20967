import { type SliceBox, type SlicePoint, slicePoint } from '#core/geometry/coordinates.ts';
import { boxAround, boxCentre, boxExtent } from '../prompt/sliceBox.ts';
import type { SliceGeometry } from './knowledge.ts';

/**
 * How far a lesion reaches beyond its key slice, in half box sizes. Mean over 30 sarcomas, the ten of `data/sts` among them (5 to 95 %: 0.94 to 2.51);
 * other lesions differ, which is why the evidence in the image and the reader may overrule it.
 */
export const REACH = 1.45;

/** A planned box is never smaller than this share of the box it comes from: a smaller prompt only measures noise. */
export const SMALLEST_SHARE = 0.2;

/** Half the geometric mean of width and height, mm: the radius of a round lesion. */
export function halfSize(box: SliceBox, { columnSpacing, rowSpacing }: SliceGeometry): number {
  const { width, height } = boxExtent(box);
  return Math.sqrt(width * columnSpacing * height * rowSpacing) / 2;
}

/** Height of a half ellipse of unit height at `share` of its half axis. */
const ellipse = (share: number): number => Math.sqrt(Math.max(0, 1 - share * share));

/**
 * The half of an ellipsoid that a lesion fills beyond a keyframe, seen along the normal.
 * `offset` is the keyframe's distance from the ellipsoid's centre, `semiAxis` the centre's distance from the end, both mm.
 */
export interface Taper {
  readonly offset: number;
  readonly semiAxis: number;
}

/** Size at `distance` mm beyond the keyframe, as a share of the keyframe's box. */
export function taperedShare({ offset, semiAxis }: Taper, distance: number): number {
  return Math.max(SMALLEST_SHARE, ellipse((offset + distance) / semiAxis) / ellipse(offset / semiAxis));
}

/** A box of that share of `box`, centred where the lesion was last seen. */
export function taperedBox(box: SliceBox, share: number, centre: SlicePoint): SliceBox {
  const { width, height } = boxExtent(box);
  return boxAround(centre, width * share, height * share);
}

/**
 * Box between a key box and the box on the lesion's last slice: an ellipse that ends at the end box's size, centre on the
 * line between the two. In 14 sarcomas 0.85 Dice against 0.78 for a linear size.
 * @param share 0 at the key, 1 at the end
 */
export function boxTowardsEnd(key: SliceBox, end: SliceBox, share: number): SliceBox {
  return blended(key, end, share, ellipse(share));
}

/** Box between two keyframes neither of which is an end: nothing is known but the two, so edges move linearly. */
export const boxBetweenKeyframes = (a: SliceBox, b: SliceBox, share: number): SliceBox =>
  blended(a, b, share, 1 - share);

function blended(a: SliceBox, b: SliceBox, share: number, weightOfA: number): SliceBox {
  const [from, to] = [boxExtent(a), boxExtent(b)];
  const [ca, cb] = [boxCentre(a), boxCentre(b)];
  return boxAround(
    slicePoint(ca[0] + (cb[0] - ca[0]) * share, ca[1] + (cb[1] - ca[1]) * share),
    to.width + (from.width - to.width) * weightOfA,
    to.height + (from.height - to.height) * weightOfA,
  );
}
