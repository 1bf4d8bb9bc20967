import type { SlicePoint } from '#core/geometry/coordinates.ts';
import { patientToSlice } from '#core/geometry/imagePlane.ts';
import { type SliceMask, segmentByNumber } from '#core/labelmap/labelmap.ts';
import type { LabelmapOverlay } from '../overlay/labelmapOverlay.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { paintCapsule } from './brushStroke.ts';
import type { BrushPort } from './brushTool.ts';

export interface Brushing extends BrushPort {
  onStroke(listener: (k: number, mask: SliceMask) => void): () => void;
}

/** One stroke: a copy of the active segment's mask on the slice, painted and shown while the button is down. */
export function createBrushing(
  overlay: LabelmapOverlay,
  place: () => { readonly slices: OpenSlices; readonly k: number } | undefined,
  radius: () => number,
): Brushing {
  const listeners = new Set<(k: number, mask: SliceMask) => void>();
  let stroke:
    | { readonly segment: number; readonly k: number; mask: SliceMask; at: SlicePoint; readonly value: 0 | 1 }
    | undefined;

  function paint(to: SlicePoint, plane: OpenSlices['series']['stack']['planes'][number]): void {
    if (stroke === undefined) return;
    // A new array for each step: masks that are shown are never changed in place.
    stroke.mask = stroke.mask.slice();
    paintCapsule(stroke.mask, plane, stroke.at, to, radius(), stroke.value);
    stroke.at = to;
    overlay.setStroke({ segment: stroke.segment, k: stroke.k, mask: stroke.mask });
  }

  return {
    radius,
    begin: (at, value) => {
      const here = place();
      const state = overlay.shown();
      if (here === undefined || here.slices.series.stack.use === 'view') return false;
      const number = state?.activeSegment;
      const segment = number === undefined ? undefined : segmentByNumber(state!.journal.labelmap, number);
      if (segment?.locked === true) return false;
      const plane = here.slices.series.stack.planes[here.k]!;
      const before = segment && state?.journal.labelmap.voxels.get(segment.number)?.get(here.k);
      const point = patientToSlice(plane, at);
      const mask = before ?? new Uint8Array(plane.rows * plane.columns);
      stroke = { segment: segment?.number ?? -1, k: here.k, mask, at: point, value };
      paint(point, plane);
      return true;
    },
    extend: (to) => {
      const plane = stroke && place()?.slices.series.stack.planes[stroke.k];
      if (plane !== undefined) paint(patientToSlice(plane, to), plane);
    },
    end: () => {
      const done = stroke;
      stroke = undefined;
      if (done !== undefined) for (const listener of listeners) listener(done.k, done.mask);
      overlay.setStroke(undefined);
    },
    onStroke: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
