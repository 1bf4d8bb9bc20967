import type { Types } from '@cornerstonejs/core';
import { type PatientPoint, patientPoint, type SliceBox, slicePoint } from '#core/geometry/coordinates.ts';
import { sliceToPatient } from '#core/geometry/imagePlane.ts';
import { cross, displacement, dot, length, moved, normalize } from '#core/geometry/vector.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { ViewportSlot } from '../viewer.ts';
import type { Presenter, Shown } from './presenter.ts';

/** Which slots an action is for. */
export type Among = (slot: ViewportSlot) => boolean;

/** Changes of the cameras. None of them touches voxels, masks or measurements. */
export interface ViewActions {
  zoom(factor: number, among: Among): void;
  flip(slot: ViewportSlot, axis: 'horizontal' | 'vertical'): void;
  /** Clockwise as seen, degrees. */
  rotate(slot: ViewportSlot, degrees: number): void;
  /** Fits images, unturned and unmirrored. */
  reset(among: Among): void;
  /** Brings a box of slice k to the middle, at a size at which its edge can be judged. */
  enlarge(slices: OpenSlices, k: number, box: SliceBox, among: Among): void;
  /** A point so many millimetres right and down of another, as the slot shows it. */
  beside(slot: ViewportSlot, point: PatientPoint, right: number, down: number): PatientPoint | undefined;
}

/** Share of the pane that an enlarged box fills. */
const ENLARGED_SHARE = 0.45;
const MOST_ENLARGED = 12;

export function createViewActions(presenter: Presenter): ViewActions {
  const shownIn = (slot: ViewportSlot): Shown['viewport'] | undefined =>
    presenter.shown().find((shown) => shown.slot === slot)?.viewport;
  const shownAmong = (among: Among): readonly Shown[] => presenter.shown().filter(({ slot }) => among(slot));

  return {
    zoom: (factor, among) => {
      for (const { viewport } of shownAmong(among)) {
        viewport.setZoom(viewport.getZoom() * factor);
        viewport.render();
      }
    },
    flip: (slot, axis) => {
      const viewport = shownIn(slot);
      if (viewport === undefined) return;
      const { flipHorizontal = false, flipVertical = false } = viewport.getCamera();
      viewport.setCamera(axis === 'horizontal' ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical });
      viewport.render();
    },
    rotate: (slot, degrees) => {
      const viewport = shownIn(slot);
      const { viewUp, viewPlaneNormal } = viewport?.getCamera() ?? {};
      if (viewport === undefined || viewUp === undefined || viewPlaneNormal === undefined) return;
      const angle = (degrees * Math.PI) / 180;
      const right = cross(viewUp, viewPlaneNormal);
      // What was at the left comes to the top.
      const up = normalize([0, 1, 2].map((axis) => turned(viewUp, right, axis, angle)) as unknown as Types.Point3);
      viewport.setCamera({ viewUp: [up[0], up[1], up[2]] });
      viewport.render();
    },
    reset: (among) => {
      for (const { slot, viewport } of shownAmong(among)) {
        viewport.setCamera({ flipHorizontal: false, flipVertical: false });
        const first = presenter.firstUp(slot);
        if (first !== undefined) viewport.setCamera({ viewUp: first });
        viewport.resetCamera();
        viewport.render();
      }
    },
    enlarge: (slices, k, box, among) => {
      const plane = slices.series.stack.planes[k];
      if (plane === undefined) return;
      const [first, last] = [slicePoint(box.x0, box.y0), slicePoint(box.x1, box.y1)];
      const millimetres = length(displacement(sliceToPatient(plane, first), sliceToPatient(plane, last)));
      for (const { viewport } of shownAmong(among)) fitAround(viewport, middleOf(slices, k, box), millimetres);
    },
    beside: (slot, point, right, down) => {
      const { viewUp, viewPlaneNormal } = shownIn(slot)?.getCamera() ?? {};
      if (viewUp === undefined || viewPlaneNormal === undefined) return undefined;
      return moved(point, [normalize(cross(viewUp, viewPlaneNormal)), right], [normalize(viewUp), -down]);
    },
  };
}

/** The middle of a box on slice k. */
export const middleOf = ({ series }: OpenSlices, k: number, box: SliceBox): PatientPoint =>
  sliceToPatient(series.stack.planes[k]!, slicePoint((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2));

const turned = (up: Types.Point3, right: readonly number[], axis: number, angle: number): number =>
  up[axis]! * Math.cos(angle) - right[axis]! * Math.sin(angle);

/** @param size of what is to be seen, mm */
function fitAround(viewport: Shown['viewport'], middle: PatientPoint, size: number): void {
  const { focalPoint, position, viewPlaneNormal } = viewport.getCamera();
  if (!focalPoint || !position || !viewPlaneNormal) return;
  const [ax, ay] = viewport.worldToCanvas([...focalPoint]);
  const { viewUp = [0, -1, 0] } = viewport.getCamera();
  const [bx, by] = viewport.worldToCanvas([...moved(patientPoint(...focalPoint), [viewUp, 1])] as Types.Point3);
  const pixelsPerMm = Math.hypot(bx - ax, by - ay);
  const { clientWidth, clientHeight } = viewport.element;
  const wanted = (ENLARGED_SHARE * Math.min(clientWidth, clientHeight)) / Math.max(size, 1);
  const zoom = Math.min(MOST_ENLARGED, (viewport.getZoom() * wanted) / pixelsPerMm);
  viewport.setZoom(Math.max(1, zoom));
  // Only within the plane: which slice is shown is not decided here.
  const camera = viewport.getCamera();
  const offset = displacement(patientPoint(...camera.focalPoint!), middle);
  const through = dot(offset, viewPlaneNormal);
  const shift = offset.map((component, axis) => component - through * viewPlaneNormal[axis]!);
  const shifted = (point: Types.Point3): Types.Point3 => [
    point[0] + shift[0]!,
    point[1] + shift[1]!,
    point[2] + shift[2]!,
  ];
  viewport.setCamera({ focalPoint: shifted(camera.focalPoint!), position: shifted(camera.position!) });
  viewport.render();
}
