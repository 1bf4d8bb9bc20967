import { patientToSlice } from '#core/geometry/imagePlane.ts';
import type { Cine } from './display/cine.ts';
import type { Crosshairs } from './display/crosshairs.ts';
import type { Scrolling, StackSlot } from './display/scrolling.ts';
import { ownerOf } from './display/slots.ts';
import { middleOf, type ViewActions } from './display/viewActions.ts';
import type { LabelmapOverlay } from './overlay/labelmapOverlay.ts';
import type { OpenSlices } from './series/openSlices.ts';
import type { Solid } from './solid/createSolid.ts';
import type { Viewer, ViewportSlot } from './viewer.ts';
import type { PaneParts, ViewerState } from './viewerState.ts';

/** What the commands of the view work on. */
export interface ViewGround {
  readonly state: Omit<ViewerState, 'infos'>;
  readonly panes: readonly PaneParts[];
  readonly partsOf: (slot: ViewportSlot) => PaneParts;
  /** The series that is segmented. */
  readonly openSlices: () => OpenSlices | undefined;
  readonly isLinked: () => boolean;
  readonly scrolling: Scrolling;
  readonly actions: ViewActions;
  readonly overlay: LabelmapOverlay;
  readonly crosshairs: Crosshairs;
  readonly cine: Cine;
  readonly solid: Solid;
}

type ViewCommands = Pick<
  Viewer,
  | 'goToSlice'
  | 'scroll'
  | 'scrollToEnd'
  | 'setWindow'
  | 'setOwnPresets'
  | 'applyPreset'
  | 'invert'
  | 'zoom'
  | 'turnVolume'
  | 'flip'
  | 'rotate'
  | 'zoomTo'
  | 'bringPlanes'
  | 'resetView'
  | 'moveCrosshair'
  | 'setPlaying'
  | 'setFramesPerSecond'
  | 'setOverlayOpacity'
>;

/** What the reader does to the view; most of it to the series of the active slot. */
export function createViewCommands(ground: ViewGround): ViewCommands {
  const { state, partsOf, openSlices, scrolling, actions, crosshairs, cine, solid } = ground;
  const activeParts = (): PaneParts => partsOf(state.activeSlot.getState());
  const ofActive = (slot: ViewportSlot): boolean => ownerOf(slot) === ownerOf(state.activeSlot.getState());

  /** Scrolling by hand ends the cine: whoever scrolls wants to look. */
  function goByHand(slot: StackSlot, k: number): void {
    cine.setPlaying(false);
    void scrolling.goTo(slot, k);
  }

  return {
    goToSlice: (k) => goByHand('acquisition', k),
    scroll: (step) => goByHand(activeStack(state), activeParts().state.currentSlice.getState() + step),
    scrollToEnd: (end) => goByHand(activeStack(state), end === 'first' ? 0 : Number.MAX_SAFE_INTEGER),
    setWindow: (window) => activeParts().windowing.set(window),
    setOwnPresets: (presets) => {
      for (const { windowing, life } of ground.panes) windowing.setOwn(presets, life.slices()?.series);
    },
    applyPreset: ({ window }) => activeParts().windowing.set(window),
    invert: () => {
      const { windowing, state: pane } = activeParts();
      windowing.setInverted(!pane.inverted.getState());
    },
    zoom: (factor) => (state.activeSlot.getState() === 'solid' ? solid.zoom(factor) : actions.zoom(factor, ofActive)),
    turnVolume: solid.turn,
    flip: (axis) => actions.flip(state.activeSlot.getState(), axis),
    rotate: (degrees) => actions.rotate(state.activeSlot.getState(), degrees),
    zoomTo: (k, box) => {
      const slices = openSlices();
      if (slices === undefined) return;
      goByHand('acquisition', k);
      crosshairs.moveTo(middleOf(slices, k, box), 'acquisition');
      // The same place in the patient: in a series that is not linked there is none.
      actions.enlarge(slices, k, box, (slot) => ground.isLinked() || ownerOf(slot) === 'session');
    },
    bringPlanes: (k, box) => {
      const [slices, point] = [openSlices(), crosshairs.point()];
      const plane = slices?.series.stack.planes[k];
      if (slices === undefined || plane === undefined || point === undefined) return;
      const [x, y] = patientToSlice(plane, point);
      if (x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1) return;
      crosshairs.moveTo(middleOf(slices, k, box), 'acquisition');
    },
    resetView: () => {
      const { life, windowing } = activeParts();
      const slices = life.slices();
      if (slices === undefined) return;
      const point = crosshairs.point();
      solid.reset();
      actions.reset(ofActive);
      if (point !== undefined) crosshairs.moveTo(point, 'acquisition');
      windowing.reset(slices, slices.imageIds);
    },
    moveCrosshair: (right, down) => {
      const slot = state.activeSlot.getState();
      const { life, state: pane } = partsOf(slot);
      const plane = life.slices()?.series.stack.planes[pane.currentSlice.getState()];
      const point = crosshairs.point();
      if (plane === undefined || point === undefined) return;
      const to = actions.beside(slot, point, right * plane.columnSpacing, down * plane.rowSpacing);
      if (to !== undefined) crosshairs.moveTo(to, slot);
    },
    setPlaying: cine.setPlaying,
    setFramesPerSecond: (fps) => state.framesPerSecond.set(Math.min(60, Math.max(1, fps))),
    setOverlayOpacity: (opacity) => {
      ground.overlay.setOpacity(opacity);
      state.overlayOpacity.set(opacity);
    },
  };
}

/** The stack of the active slot's series. */
export const activeStack = ({ activeSlot }: Pick<ViewerState, 'activeSlot'>): StackSlot =>
  activeSlot.getState() === 'companion' ? 'companion' : 'acquisition';
