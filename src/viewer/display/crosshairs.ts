import type { Types } from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { displacement, dot, moved } from '#core/geometry/vector.ts';
import type { ViewportSlot } from '../viewer.ts';
import { REFORMAT_NORMAL } from './reformats.ts';
import type { Slots } from './slots.ts';

/** The point in which all planes meet, kept so whichever of them moves. */
export interface Crosshairs {
  readonly point: () => PatientPoint | undefined;
  readonly otherPlanes: (slot: ViewportSlot) => readonly { readonly slot: ViewportSlot; readonly normal: Vector3 }[];
  /** Starts at the middle of a slice. */
  start(stack: Stack, k: number): void;
  stop(): void;
  /** The acquisition slot went to slice k. */
  sliceChanged(k: number): void;
  /** A reformat was scrolled. */
  reformatMoved(slot: ViewportSlot): void;
  moveTo(point: PatientPoint, from: ViewportSlot): void;
  redraw(): void;
}

/** Nearer than this a plane counts as containing the point, mm: below any slice distance, above float32 noise. */
const ON_PLANE_MM = 0.01;

export function createCrosshairs(slots: Slots, goToSlice: (k: number) => void): Crosshairs {
  let stack: Stack | undefined;
  let point: PatientPoint | undefined;

  const redraw = (): void => tools.utilities.triggerAnnotationRenderForViewportIds([...slots.enabled()]);

  function bringReformat(viewport: Types.IVolumeViewport, slot: ViewportSlot, to: PatientPoint): void {
    const { focalPoint, position } = viewport.getCamera();
    if (slot === 'acquisition' || !focalPoint || !position) return;
    const normal = REFORMAT_NORMAL[slot];
    const offset = dot(displacement(patientPoint(...focalPoint), to), normal);
    if (Math.abs(offset) < ON_PLANE_MM) return;
    const shifted = ([x, y, z]: Types.Point3): Types.Point3 => {
      const [a, b, c] = moved(patientPoint(x, y, z), [normal, offset]);
      return [a, b, c];
    };
    viewport.setCamera({ focalPoint: shifted(focalPoint), position: shifted(position) });
    viewport.render();
  }

  return {
    point: () => point,
    otherPlanes: (slot) =>
      slots
        .enabled()
        .filter((other) => other !== slot)
        .flatMap((other) => {
          const normal = other === 'acquisition' ? stack?.normal : REFORMAT_NORMAL[other];
          return normal === undefined ? [] : [{ slot: other, normal }];
        }),
    start: (opened, k) => {
      const plane = opened.planes[k]!;
      stack = opened;
      point = moved(
        plane.position,
        [plane.rowDirection, ((plane.columns - 1) / 2) * plane.columnSpacing],
        [plane.columnDirection, ((plane.rows - 1) / 2) * plane.rowSpacing],
      );
    },
    stop: () => {
      stack = undefined;
      point = undefined;
    },
    sliceChanged: (k) => {
      if (stack === undefined || point === undefined) return;
      point = moved(point, [stack.normal, (stack.positions[k] ?? 0) - dot(point, stack.normal)]);
      redraw();
    },
    reformatMoved: (slot) => {
      const focal = slots.reformat(slot)?.getCamera().focalPoint;
      if (slot === 'acquisition' || point === undefined || focal === undefined) return;
      const normal = REFORMAT_NORMAL[slot];
      const offset = dot(displacement(point, patientPoint(...focal)), normal);
      if (Math.abs(offset) < ON_PLANE_MM) return;
      point = moved(point, [normal, offset]);
      redraw();
    },
    moveTo: (to, from) => {
      if (stack === undefined) return;
      point = to;
      if (from !== 'acquisition') goToSlice(nearestSlice(stack, to));
      for (const slot of slots.enabled()) {
        const viewport = slot === from ? undefined : slots.reformat(slot);
        if (viewport !== undefined) bringReformat(viewport, slot, to);
      }
      redraw();
    },
    redraw,
  };
}

/** Index of the slice whose plane is nearest to a point. */
export function nearestSlice(stack: Stack, point: PatientPoint): number {
  const along = dot(point, stack.normal);
  let best = 0;
  stack.positions.forEach((position, k) => {
    if (Math.abs(position - along) < Math.abs(stack.positions[best]! - along)) best = k;
  });
  return best;
}
