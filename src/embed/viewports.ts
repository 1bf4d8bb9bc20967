import { Enums, eventTarget, getEnabledElements, type Types } from '@cornerstonejs/core';
import type { Stack } from '#core/geometry/stack.ts';
import { dot } from '#core/geometry/vector.ts';
import type { ReadableState } from '#extension-api';
import { writableState } from '../viewer/state.ts';

const { ELEMENT_ENABLED, ELEMENT_DISABLED, STACK_NEW_IMAGE, VOLUME_NEW_IMAGE, IMAGE_RENDERED } = Enums.Events;

type Viewport = Types.IStackViewport | Types.IVolumeViewport;

/** The host's viewports that show the series, and where the reader is in it. */
export interface SeriesViewports {
  /** Slice k last shown on the acquisition plane. */
  readonly currentSlice: ReadableState<number>;
  /** Ids of the viewports that show the series now. */
  readonly shown: ReadableState<readonly string[]>;
  goToSlice(k: number): void;
  follow(stack: Stack, imageIds: readonly string[]): void;
  dispose(): void;
}

/** Cosine between two normals above which they are one plane (2.5 degrees). */
const SAME_PLANE_COSINE = 0.999;

export function createSeriesViewports(): SeriesViewports {
  const currentSlice = writableState(0);
  const shown = writableState<readonly string[]>([]);
  let stack: Stack | undefined;
  let sliceOf: ReadonlyMap<string, number> = new Map();
  const elements = new Set<HTMLElement>();

  const showing = (): readonly Viewport[] =>
    getEnabledElements().flatMap(({ viewport }) => (showsSeries(viewport) ? [viewport] : []));

  function showsSeries(viewport: Types.IEnabledElement['viewport']): viewport is Viewport {
    if (!('getImageIds' in viewport)) return false;
    const ids = viewport.getImageIds();
    return ids.length > 0 && sliceOf.has(ids[0]!);
  }

  const onAcquisitionPlane = (viewport: Viewport): boolean => {
    const normal = viewport.getCamera().viewPlaneNormal;
    return stack !== undefined && normal !== undefined && Math.abs(dot(stack.normal, normal)) >= SAME_PLANE_COSINE;
  };

  function look(element: unknown): void {
    const now = showing();
    const ids = now.map(({ id }) => id);
    if (ids.join() !== shown.getState().join()) shown.set(ids);
    const viewport = now.find((candidate) => candidate.element === element);
    const k = viewport && onAcquisitionPlane(viewport) ? sliceOf.get(viewport.getCurrentImageId() ?? '') : undefined;
    if (k !== undefined) currentSlice.set(k);
  }

  const onImage = (event: Event): void => look(event.currentTarget);
  const watch = (element: HTMLElement): void => {
    elements.add(element);
    for (const type of [STACK_NEW_IMAGE, VOLUME_NEW_IMAGE, IMAGE_RENDERED]) element.addEventListener(type, onImage);
  };
  const unwatch = (element: HTMLElement): void => {
    elements.delete(element);
    for (const type of [STACK_NEW_IMAGE, VOLUME_NEW_IMAGE, IMAGE_RENDERED]) element.removeEventListener(type, onImage);
    look(undefined);
  };
  // Cornerstone's own event target is no DOM node, and its listeners are typed for plain events.
  const onEnabled = (event: Event): void => watch((event as CustomEvent<{ element: HTMLElement }>).detail.element);
  const onDisabled = (event: Event): void => unwatch((event as CustomEvent<{ element: HTMLElement }>).detail.element);
  eventTarget.addEventListener(ELEMENT_ENABLED, onEnabled);
  eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);
  for (const { viewport } of getEnabledElements()) watch(viewport.element);

  return {
    currentSlice,
    shown,
    goToSlice(k) {
      const plane = stack?.planes[k];
      if (plane === undefined) return;
      const acquired = showing().filter(onAcquisitionPlane);
      if (acquired.length === 0) currentSlice.set(k);
      for (const viewport of acquired) {
        if ('setImageIdIndex' in viewport) {
          const index = viewport.getImageIds().findIndex((imageId) => sliceOf.get(imageId) === k);
          if (index >= 0) void viewport.setImageIdIndex(index);
        } else moveTo(viewport, plane.position);
      }
    },
    follow(next, imageIds) {
      stack = next;
      sliceOf = new Map(imageIds.map((imageId, k) => [imageId, k]));
      currentSlice.set(Math.floor(imageIds.length / 2));
      for (const element of elements) look(element);
    },
    dispose() {
      eventTarget.removeEventListener(ELEMENT_ENABLED, onEnabled);
      eventTarget.removeEventListener(ELEMENT_DISABLED, onDisabled);
      sliceOf = new Map();
      for (const element of [...elements]) unwatch(element);
    },
  };
}

/** Moves the camera along its normal until it looks at the plane through a point. */
function moveTo(viewport: Types.IVolumeViewport, point: readonly [number, number, number]): void {
  const { focalPoint, position, viewPlaneNormal } = viewport.getCamera();
  if (focalPoint === undefined || position === undefined || viewPlaneNormal === undefined) return;
  const offset = [0, 1, 2].reduce((sum, axis) => sum + (point[axis]! - focalPoint[axis]!) * viewPlaneNormal[axis]!, 0);
  const moved = (from: Types.Point3): Types.Point3 => [
    from[0] + offset * viewPlaneNormal[0],
    from[1] + offset * viewPlaneNormal[1],
    from[2] + offset * viewPlaneNormal[2],
  ];
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
  viewport.render();
}
