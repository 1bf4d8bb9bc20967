import type { Vector3 } from '#core/geometry/coordinates.ts';
import type { Layout, ViewportSlot } from '../viewer.ts';

/** Patient axis that each reformat looks along. */
export const REFORMAT_NORMAL: Readonly<Record<Exclude<ViewportSlot, 'acquisition'>, Vector3>> = {
  axial: [0, 0, 1],
  coronal: [0, 1, 0],
  sagittal: [1, 0, 0],
};

/** A reformat closer to the acquisition plane than this shows nothing new (20 degrees). */
const SAME_PLANE_COSINE = Math.cos((20 * Math.PI) / 180);

/** The acquisition plane, and those reformats that look another way. */
export function slotsOfLayout(layout: Layout, normal: Vector3): readonly ViewportSlot[] {
  if (layout === 'stack') return ['acquisition'];
  const reformats = (['axial', 'coronal', 'sagittal'] as const).filter((slot) => {
    const axis = REFORMAT_NORMAL[slot];
    return Math.abs(axis[0] * normal[0] + axis[1] * normal[1] + axis[2] * normal[2]) < SAME_PLANE_COSINE;
  });
  return ['acquisition', ...reformats];
}
