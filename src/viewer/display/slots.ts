import { type ContextPoolRenderingEngine, Enums, type Types } from '@cornerstonejs/core';
import { Enums as ToolEnums, type Types as ToolTypes } from '@cornerstonejs/tools';
import { type PatientPoint, patientPoint } from '#core/geometry/coordinates.ts';
import { compileAhead } from '../blending/compileAhead.ts';
import { blendLabelmapsInOrder } from '../blending/translucency.ts';
import type { ViewportSlot } from '../viewer.ts';
import { isReformat, isStack } from './reformats.ts';

/** What the viewports are told of, and asked for. */
export interface SlotEvents {
  /** The viewport exists; it is to be given its images. */
  readonly enabled: (slot: ViewportSlot) => void;
  readonly closing: (slot: ViewportSlot) => void;
  /** Another image or another camera. */
  readonly moved: (slot: ViewportSlot) => void;
  /** The primary button was pressed and released in one place. */
  readonly clicked: (slot: ViewportSlot, at: PatientPoint) => void;
  /** Where the pointer is over the image; undefined where it left it. At most once a frame. */
  readonly pointed: (slot: ViewportSlot, at: PatientPoint | undefined) => void;
}

/**
 * Elements by slot, and their viewports on the one rendering engine. Viewports live only while their series is open: a viewport
 * that is disabled with its series cannot bring old actors, cameras or textures into the next one.
 */
export interface Slots {
  attach(slot: ViewportSlot, element: HTMLDivElement): () => void;
  enableAll(of: SlotOwner): void;
  disableAll(of: SlotOwner): void;
  readonly stack: (slot: ViewportSlot) => Types.IStackViewport | undefined;
  readonly reformat: (slot: ViewportSlot) => Types.IVolumeViewport | undefined;
  readonly solid: () => Types.IVolumeViewport | undefined;
  /** Slots with a viewport. */
  readonly enabled: () => readonly ViewportSlot[];
}

/** Whose series a slot shows. */
export type SlotOwner = 'session' | 'companion';

export const ownerOf = (slot: ViewportSlot): SlotOwner => (slot === 'companion' ? 'companion' : 'session');

const { ViewportType, OrientationAxis, Events } = Enums;
const ORIENTATION = {
  axial: OrientationAxis.AXIAL,
  coronal: OrientationAxis.CORONAL,
  sagittal: OrientationAxis.SAGITTAL,
} as const;

const kindOf = (slot: ViewportSlot) =>
  isReformat(slot)
    ? { type: ViewportType.ORTHOGRAPHIC, defaultOptions: { orientation: ORIENTATION[slot] } }
    : // The whole volume is first seen from the front.
      slot === 'solid'
      ? { type: ViewportType.VOLUME_3D, defaultOptions: { orientation: OrientationAxis.CORONAL } }
      : { type: ViewportType.STACK };

export function createSlots(engine: ContextPoolRenderingEngine, events: SlotEvents): Slots {
  const elements = new Map<ViewportSlot, HTMLDivElement>();
  const enabled = new Set<ViewportSlot>();
  const on = new Set<SlotOwner>();
  let resizing = 0;

  /** An element without a size has no canvas to draw on: it is enabled when it gets one. */
  function enable(slot: ViewportSlot): void {
    const element = elements.get(slot);
    if (
      !on.has(ownerOf(slot)) ||
      enabled.has(slot) ||
      !element ||
      element.clientWidth === 0 ||
      element.clientHeight === 0
    )
      return;
    enabled.add(slot);
    engine.enableElement({
      viewportId: slot,
      element,
      ...kindOf(slot),
    });
    blendLabelmapsInOrder(engine, slot);
    if (isStack(slot)) compileAhead(engine, slot, element);
    events.enabled(slot);
  }

  function disable(slot: ViewportSlot): void {
    if (!enabled.has(slot)) return;
    events.closing(slot);
    enabled.delete(slot);
    engine.disableElement(slot);
  }

  function resized(slot: ViewportSlot): void {
    if (!enabled.has(slot)) {
      enable(slot);
      return;
    }
    cancelAnimationFrame(resizing);
    resizing = requestAnimationFrame(refit);
  }

  /**
   * The pane changes, zoom and centre stay: an image that fitted fits again. Cornerstone would keep the millimetres over the
   * pane's height, and cut the image off at the sides of a narrower pane.
   */
  function refit(): void {
    const before = shown().map((viewport) => ({ viewport, zoom: viewport.getZoom(), camera: viewport.getCamera() }));
    if (enabled.size > 0) engine.resize(true, true);
    for (const { viewport, zoom, camera } of before) {
      // Not left to resize, which passes over a viewport whose frame is still to be drawn.
      viewport.resetCamera();
      viewport.setCamera({ ...camera, parallelScale: viewport.getCamera().parallelScale! / zoom });
      viewport.render();
    }
  }

  // Cornerstone types viewports by their base; the slot decides which kind was enabled.
  const viewportOf = (slot: ViewportSlot): Types.IStackViewport | Types.IVolumeViewport =>
    engine.getViewport(slot) as Types.IStackViewport | Types.IVolumeViewport;
  const shown = (): readonly (Types.IStackViewport | Types.IVolumeViewport)[] =>
    [...enabled]
      .filter((slot) => slot !== 'solid')
      .map(viewportOf)
      .filter((viewport) => viewport.getActors().length > 0);

  return {
    attach: (slot, element) => {
      if (elements.has(slot)) throw new Error(`The slot ${slot} has an element already`);
      elements.set(slot, element);
      const moved = (): void => events.moved(slot);
      const kinds = [Events.CAMERA_MODIFIED, Events.STACK_NEW_IMAGE, Events.VOLUME_NEW_IMAGE];
      for (const kind of kinds) element.addEventListener(kind, moved);
      const clicked = (event: Event): void => {
        // Cornerstone dispatches its own events on the element as CustomEvents.
        const { detail } = event as ToolTypes.EventTypes.MouseClickEventType;
        const [from, to] = [detail.startPoints.canvas, detail.currentPoints.canvas];
        // A quick drag ends as a click in Cornerstone.
        const stayed = Math.hypot(to[0] - from[0], to[1] - from[1]) < CLICK_REACH;
        if (slot !== 'solid' && stayed && detail.mouseButton === ToolEnums.MouseBindings.Primary) {
          events.clicked(slot, patientPoint(...detail.currentPoints.world));
        }
      };
      element.addEventListener(ToolEnums.Events.MOUSE_CLICK, clicked);
      const pointing = listenToPointer(element, (at) => {
        const viewport = enabled.has(slot) ? viewportOf(slot) : undefined;
        const shows = viewport !== undefined && slot !== 'solid' && viewport.getActors().length > 0;
        events.pointed(slot, shows && at !== undefined ? patientPoint(...viewport.canvasToWorld(at)) : undefined);
      });
      const noMenu = (event: Event): void => event.preventDefault();
      element.addEventListener('contextmenu', noMenu);
      const observer = new ResizeObserver(() => resized(slot));
      observer.observe(element);
      enable(slot);
      return () => {
        observer.disconnect();
        for (const kind of kinds) element.removeEventListener(kind, moved);
        element.removeEventListener(ToolEnums.Events.MOUSE_CLICK, clicked);
        element.removeEventListener('contextmenu', noMenu);
        pointing();
        disable(slot);
        elements.delete(slot);
      };
    },
    enableAll: (of) => {
      on.add(of);
      for (const slot of elements.keys()) if (ownerOf(slot) === of) enable(slot);
    },
    disableAll: (of) => {
      for (const slot of [...enabled]) if (ownerOf(slot) === of) disable(slot);
      on.delete(of);
    },
    stack: (slot) => (enabled.has(slot) && isStack(slot) ? (viewportOf(slot) as Types.IStackViewport) : undefined),
    reformat: (slot) =>
      enabled.has(slot) && isReformat(slot) ? (viewportOf(slot) as Types.IVolumeViewport) : undefined,
    solid: () => (enabled.has('solid') ? (viewportOf('solid') as Types.IVolumeViewport) : undefined),
    enabled: () => [...enabled],
  };
}

/** A pointer that went further between press and release has dragged, CSS px. */
const CLICK_REACH = 4;

/** Positions of the pointer over an element, one a frame; none when it leaves. */
function listenToPointer(element: HTMLElement, onPoint: (at: Types.Point2 | undefined) => void): () => void {
  let frame = 0;
  const onMove = ({ clientX, clientY }: PointerEvent): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const { left, top } = element.getBoundingClientRect();
      onPoint([clientX - left, clientY - top]);
    });
  };
  const onLeave = (): void => {
    cancelAnimationFrame(frame);
    onPoint(undefined);
  };
  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerleave', onLeave);
  return () => {
    cancelAnimationFrame(frame);
    element.removeEventListener('pointermove', onMove);
    element.removeEventListener('pointerleave', onLeave);
  };
}
