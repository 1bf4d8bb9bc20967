import type { Vector3 } from '#core/geometry/coordinates.ts';
import { dot } from '#core/geometry/vector.ts';
import type { Layout, ViewportSlot } from '../viewer.ts';

type Reformat = 'axial' | 'coronal' | 'sagittal';

/** Whether a slot shows a plane through the volume instead of slices as they are. */
export const isReformat = (slot: ViewportSlot): slot is Reformat => slot in REFORMAT_NORMAL;

/** Whether a slot shows slices as they were acquired. */
export const isStack = (slot: ViewportSlot): slot is 'acquisition' | 'companion' =>
  slot === 'acquisition' || slot === 'companion';

/** Patient axis that each reformat looks along. */
export const REFORMAT_NORMAL: Readonly<Record<Reformat, Vector3>> = {
  axial: [0, 0, 1],
  coronal: [0, 1, 0],
  sagittal: [1, 0, 0],
};

/** A reformat closer to the acquisition plane than this shows nothing new (20 degrees). */
const SAME_PLANE_COSINE = Math.cos((20 * Math.PI) / 180);

export const showsSamePlane = (a: Vector3, b: Vector3): boolean => Math.abs(dot(a, b)) >= SAME_PLANE_COSINE;

const share = (slot: Reformat, normal: Vector3): number => Math.abs(dot(REFORMAT_NORMAL[slot], normal));

/** The acquisition plane, and what the layout puts beside it. */
export function slotsOfLayout(layout: Layout, normal: Vector3): readonly ViewportSlot[] {
  if (layout === 'stack') return ['acquisition'];
  if (layout === 'pair') return ['acquisition', 'companion'];
  const reformats = (['axial', 'coronal', 'sagittal'] as const).filter(
    (slot) => !showsSamePlane(REFORMAT_NORMAL[slot], normal),
  );
  if (layout === 'mpr') return ['acquisition', ...reformats];
  // Of an oblique acquisition three reformats show something else: the two that do so most.
  const [first, second] = reformats.toSorted((a, b) => share(a, normal) - share(b, normal));
  return ['acquisition', ...reformats.filter((slot) => slot === first || slot === second), 'solid'];
}
