import type { SlicePoint } from '#core/geometry/coordinates.ts';
import { patientToSlice } from '#core/geometry/imagePlane.ts';
import { type SliceMask, segmentByNumber } from '#core/labelmap/labelmap.ts';
import type { LabelmapState } from '#extension-api';
import type { StrokeInProgress } from '../overlay/composeOverlay.ts';
import type { LabelmapOverlay } from '../overlay/labelmapOverlay.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { paintCapsule, rangeUnder, type ValueRange } from './brushStroke.ts';
import type { BrushPort } from './brushTool.ts';

export interface Brushing extends BrushPort {
  onStroke(listener: (k: number, mask: SliceMask) => void): () => void;
}

/** What a brush works on. */
export interface BrushGround {
  readonly place: () => { readonly slices: OpenSlices; readonly k: number } | undefined;
  readonly radius: () => number;
  /** Modality values of slice k; undefined where they are not loaded. */
  readonly values: (k: number) => ArrayLike<number> | undefined;
  /** What the threshold brush paints; undefined: what is usual under its first touch. */
  readonly range: () => ValueRange | undefined;
  /** Told which range a stroke of the threshold brush uses. */
  readonly onRange: (range: ValueRange) => void;
}

interface Stroke extends StrokeInProgress {
  mask: SliceMask;
  at: SlicePoint;
  readonly value: 0 | 1;
  readonly may: ((index: number) => boolean) | undefined;
}

type Plane = OpenSlices['series']['stack']['planes'][number];

/** One stroke: a copy of the mask of the pending work or the active segment, painted and shown while the button is down. */
export function createBrushing(overlay: LabelmapOverlay, ground: BrushGround): Brushing {
  const listeners = new Set<(k: number, mask: SliceMask) => void>();
  const { place, radius } = ground;
  let stroke: Stroke | undefined;

  function paint(to: SlicePoint, plane: Plane): void {
    if (stroke === undefined) return;
    // A new array for each step: masks that are shown are never changed in place.
    stroke.mask = stroke.mask.slice();
    paintCapsule(stroke.mask, plane, stroke.at, to, radius(), stroke.value, stroke.may);
    stroke.at = to;
    overlay.setStroke({ segment: stroke.segment, k: stroke.k, mask: stroke.mask });
  }

  function allowed(k: number, plane: Plane, at: SlicePoint): ((index: number) => boolean) | undefined {
    const values = ground.values(k);
    const range = values && (ground.range() ?? rangeUnder(values, plane, at, radius()));
    if (values === undefined || range === undefined) return undefined;
    ground.onRange(range);
    return (index) => values[index]! >= range.lower && values[index]! <= range.upper;
  }

  return {
    radius,
    begin: (at, kind) => {
      const here = place();
      const target = targetOf(overlay.shown(), here?.k);
      if (here === undefined || here.slices.series.stack.use === 'view' || target === undefined) return false;
      const plane = here.slices.series.stack.planes[here.k]!;
      const point = patientToSlice(plane, at);
      const may = kind === 'ThresholdBrush' ? allowed(here.k, plane, point) : undefined;
      if (kind === 'ThresholdBrush' && may === undefined) return false;
      const mask = target.mask ?? new Uint8Array(plane.rows * plane.columns);
      stroke = { segment: target.segment, k: here.k, mask, at: point, value: kind === 'Eraser' ? 0 : 1, may };
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

const together = (a: SliceMask | undefined, b: SliceMask | undefined): SliceMask | undefined =>
  a === undefined || b === undefined ? (a ?? b) : a.map((value, index) => (value === 1 || b[index] === 1 ? 1 : 0));

/** Pending work is painted before any segment; -1 stands for a segment that is still to be made. */
function targetOf(
  state: LabelmapState | undefined,
  k: number | undefined,
): { readonly segment: number | 'pending'; readonly mask: SliceMask | undefined } | undefined {
  if (k === undefined) return undefined;
  const pending = state?.pending?.voxels;
  if (pending !== undefined) return { segment: 'pending', mask: together(pending.get(k), state?.pending?.under?.(k)) };
  const number = state?.activeSegment;
  const segment = number === undefined ? undefined : segmentByNumber(state!.journal.labelmap, number);
  if (segment === undefined) return { segment: -1, mask: undefined };
  if (segment.locked) return undefined;
  return { segment: segment.number, mask: state?.journal.labelmap.voxels.get(segment.number)?.get(k) };
}
