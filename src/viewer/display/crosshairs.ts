import type { Types } from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint, type Vector3 } from '#core/geometry/coordinates.ts';
import type { Stack } from '#core/geometry/stack.ts';
import { displacement, dot, moved } from '#core/geometry/vector.ts';
import type { ViewportSlot } from '../viewer.ts';
import { awayFromSlice } from './paneLink.ts';
import { isReformat, isStack, REFORMAT_NORMAL, showsSamePlane } from './reformats.ts';
import type { Slots } from './slots.ts';

/** The point in which all planes meet, kept so whichever of them moves. */
export interface Crosshairs {
  readonly point: () => PatientPoint | undefined;
  /** The point as the slot may show it: undefined where it does not lie in the slice there, or in that series at all. */
  readonly pointIn: (slot: ViewportSlot) => PatientPoint | undefined;
  readonly otherPlanes: (slot: ViewportSlot) => readonly { readonly slot: ViewportSlot; readonly normal: Vector3 }[];
  /** Starts at the middle of a slice. */
  start(stack: Stack, k: number): void;
  stop(): void;
  /** The reader took the acquisition slot to slice k. */
  sliceChanged(k: number): void;
  /** The reader took the companion to slice k. */
  companionMoved(k: number): void;
  /** A reformat was scrolled. */
  reformatMoved(slot: ViewportSlot): void;
  /** Nothing happens where the series of `from` is not linked. */
  moveTo(point: PatientPoint, from: ViewportSlot): void;
  redraw(): void;
}

/** What the crosshair moves. */
export interface CrosshairGround {
  /** Takes a slot's series to the slice, as the crosshair's doing and not the reader's. */
  readonly lead: (slot: 'acquisition' | 'companion', k: number) => void;
  readonly shownSlice: (slot: 'acquisition' | 'companion') => number;
  /** The companion's slices while it follows. */
  readonly linked: () => Stack | undefined;
}

/** Nearer than this a plane counts as containing the point, mm: below any slice distance, above float32 noise. */
const ON_PLANE_MM = 0.01;

export function createCrosshairs(slots: Slots, { lead, shownSlice, linked }: CrosshairGround): Crosshairs {
  let stack: Stack | undefined;
  let point: PatientPoint | undefined;

  const redraw = (): void =>
    tools.utilities.triggerAnnotationRenderForViewportIds(slots.enabled().filter((slot) => slot !== 'solid'));

  function bringReformat(viewport: Types.IVolumeViewport, slot: ViewportSlot, to: PatientPoint): void {
    const { focalPoint, position } = viewport.getCamera();
    if (!isReformat(slot) || !focalPoint || !position) return;
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

  /** Everything but the slot that moved comes to the point. */
  function bringOthers(from: ViewportSlot): void {
    if (stack === undefined || point === undefined) return;
    const other = linked();
    if (from !== 'acquisition') lead('acquisition', nearestSlice(stack, point));
    if (from !== 'companion' && other !== undefined) lead('companion', nearestSlice(other, point));
    for (const slot of slots.enabled()) {
      const viewport = slot === from ? undefined : slots.reformat(slot);
      if (viewport !== undefined) bringReformat(viewport, slot, point);
    }
    redraw();
  }

  const normalOf = (slot: ViewportSlot): Vector3 | undefined =>
    slot === 'acquisition'
      ? stack?.normal
      : slot === 'companion'
        ? linked()?.normal
        : isReformat(slot)
          ? REFORMAT_NORMAL[slot]
          : undefined;

  return {
    point: () => point,
    pointIn: (slot) => {
      if (point === undefined || !isStack(slot)) return point;
      const here = slot === 'acquisition' ? stack : linked();
      return here === undefined || awayFromSlice(here, shownSlice(slot), point) !== undefined ? undefined : point;
    },
    otherPlanes: (slot) => {
      const own = normalOf(slot);
      return slots
        .enabled()
        .filter((other) => other !== slot)
        .flatMap((other) => {
          const normal = normalOf(other);
          return own === undefined || normal === undefined || showsSamePlane(own, normal)
            ? []
            : [{ slot: other, normal }];
        });
    },
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
      point = inSlice(stack, k, point);
      const other = linked();
      if (other !== undefined) lead('companion', nearestSlice(other, point));
      redraw();
    },
    companionMoved: (k) => {
      const other = linked();
      if (point === undefined || other === undefined) return;
      point = inSlice(other, k, point);
      bringOthers('companion');
    },
    reformatMoved: (slot) => {
      const focal = slots.reformat(slot)?.getCamera().focalPoint;
      if (!isReformat(slot) || point === undefined || focal === undefined) return;
      const normal = REFORMAT_NORMAL[slot];
      const offset = dot(displacement(point, patientPoint(...focal)), normal);
      if (Math.abs(offset) < ON_PLANE_MM) return;
      point = moved(point, [normal, offset]);
      redraw();
    },
    moveTo: (to, from) => {
      if (stack === undefined || (from === 'companion' && linked() === undefined)) return;
      point = to;
      // What a reformat shows between two slices has no slice of its own: the point goes where the slice shown is.
      if (isReformat(from)) point = inSlice(stack, nearestSlice(stack, to), to);
      bringOthers(from);
    },
    redraw,
  };
}

/** The point of slice k that a point lies over. */
const inSlice = ({ normal, positions }: Stack, k: number, point: PatientPoint): PatientPoint =>
  moved(point, [normal, (positions[k] ?? 0) - dot(point, normal)]);

/** Index of the slice whose plane is nearest to a point. */
export function nearestSlice(stack: Stack, point: PatientPoint): number {
  const along = dot(point, stack.normal);
  let best = 0;
  stack.positions.forEach((position, k) => {
    if (Math.abs(position - along) < Math.abs(stack.positions[best]! - along)) best = k;
  });
  return best;
}
