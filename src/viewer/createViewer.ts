import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { startCornerstone } from './cornerstone.ts';
import { createCine } from './display/cine.ts';
import { createCrosshairs } from './display/crosshairs.ts';
import { readingAt } from './display/pointing.ts';
import { createPresenter } from './display/presenter.ts';
import { slotsOfLayout } from './display/reformats.ts';
import { NOTHING_SHOWN, slotInfoOf } from './display/slotInfo.ts';
import { createSlots } from './display/slots.ts';
import { createViewActions, middleOf } from './display/viewActions.ts';
import { createLabelmapOverlay } from './overlay/labelmapOverlay.ts';
import { parseImageId } from './series/openSlices.ts';
import { createSeriesLife } from './series/seriesLife.ts';
import { slicePixels } from './series/slicePixels.ts';
import { thumbnailOf } from './series/thumbnail.ts';
import { loadedValues, valueText } from './series/valueAt.ts';
import { createBrushing } from './tools/brushing.ts';
import { builtInTools } from './tools/builtInTools.ts';
import { createCalipers } from './tools/calipers.ts';
import { createMeasuring } from './tools/measuring.ts';
import { createToolGroups } from './tools/toolGroups.ts';
import type { Layout, Viewer, ViewportSlot } from './viewer.ts';
import { createViewerState } from './viewerState.ts';
import { createWindowing } from './window/windowing.ts';

let made: Viewer | undefined;

/** The viewer of this page: made once, because Cornerstone's state is the page's. */
export async function createViewer(): Promise<Viewer> {
  made ??= makeViewer();
  return made;
}

function makeViewer(): Viewer {
  const { engine, index } = startCornerstone();
  const { infos, ...state } = createViewerState();
  let wantedLayout: Layout = 'stack';

  const overlay = createLabelmapOverlay();
  const slots = createSlots(engine, {
    enabled: (slot) => {
      groups.enter(slot);
      void present(slot);
    },
    closing: (slot) => {
      overlay.viewportClosing(slot);
      presenter.forget(slot);
      groups.leave(slot);
      infos[slot].set(NOTHING_SHOWN);
    },
    moved,
    /** With a tool that only changes the view, a click moves the other planes: in reformats always, else with the crosshair on. */
    clicked: (slot, at) => {
      if (!VIEW_TOOLS.has(state.activeTool.getState())) return;
      if (slot !== 'acquisition' || state.crosshairs.getState()) crosshairs.moveTo(at, slot);
    },
    pointed: (slot, at) => {
      const slices = life.slices();
      state.cursor.set(slices && at && readingAt(slices, slot, at));
    },
  });
  const windowing = createWindowing(state, () => {
    presenter.applyLook();
    refreshInfo();
  });
  const life = createSeriesLife(index, { infos, ...state }, windowing, {
    begun: (slices, middle) => crosshairs.start(slices.series.stack, middle),
    shown: (slices) => {
      overlay.seriesOpened(slices);
      slots.enableAll();
    },
    volumeReady: async (_, metadata) => {
      await overlay.volumeReady(metadata);
      state.canReformat.set(true);
      for (const slot of slots.enabled()) if (slot !== 'acquisition') await present(slot);
      showLayout(wantedLayout);
    },
    closing: () => {
      cine.setPlaying(false);
      slots.disableAll();
      overlay.seriesClosed();
      crosshairs.stop();
      measuring.abandon();
    },
    closed: () => {
      state.cursor.set(undefined);
      state.measurements.set(0);
      // A range of values means nothing on other images.
      state.brushRange.set(undefined);
      state.lastBrushRange.set(undefined);
      state.activeSlot.set('acquisition');
      showLayout('stack');
    },
  });
  const here = () => {
    const slices = life.slices();
    return slices && { slices, k: state.currentSlice.getState(), volume: life.volume() };
  };
  const presenter = createPresenter(slots, overlay, here, () => ({
    window: state.displayWindow.getState(),
    inverted: state.inverted.getState(),
  }));
  const actions = createViewActions(presenter);
  const crosshairs = createCrosshairs(slots, goToSlice);
  const brushing = createBrushing(overlay, {
    place: here,
    radius: state.brushRadius.getState,
    values: (k) => {
      const slices = life.slices();
      return slices && loadedValues(slices, k);
    },
    range: state.brushRange.getState,
    onRange: state.lastBrushRange.set,
  });
  const measuring = createMeasuring(
    () => {
      const slices = life.slices();
      return slices && valueScaleOf(slices.series);
    },
    () => crosshairs.redraw(),
    (count) => state.measurements.set(count),
  );
  const calipers = createCalipers(here, () => crosshairs.redraw());
  const cine = createCine(state.playing, state.framesPerSecond, async () => {
    const total = life.slices()?.imageIds.length ?? 1;
    await goToSlice((state.currentSlice.getState() + 1) % total);
  });
  const groups = createToolGroups('Crosshairs');
  for (const tool of builtInTools({
    valueText: (i, j, k) => {
      const slices = life.slices();
      return slices && valueText(slices, i, j, k);
    },
    window: { current: state.displayWindow.getState, set: windowing.set },
    crosshairs: { ...crosshairs, visible: state.crosshairs.getState },
    brush: brushing,
    caliper: calipers,
    measuring: measuring.tools,
  })) {
    groups.add(tool);
  }
  groups.setEnabled('Caliper', true);
  groups.activate(state.activeTool.getState());

  async function present(slot: ViewportSlot): Promise<void> {
    await presenter.present(slot);
    const point = crosshairs.point();
    if (slot !== 'acquisition' && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    refreshInfo();
  }

  function moved(slot: ViewportSlot): void {
    if (slot === 'acquisition') {
      const shown = slots.stack()?.getCornerstoneImage()?.imageId;
      const k = shown === undefined ? undefined : sliceOfImageId(shown);
      if (k !== undefined && k !== state.currentSlice.getState()) {
        state.currentSlice.set(k);
        crosshairs.sliceChanged(k);
      }
    } else crosshairs.reformatMoved(slot);
    refreshInfo();
  }

  function refreshInfo(): void {
    const slices = life.slices();
    if (slices === undefined) return;
    const [k, window] = [state.currentSlice.getState(), state.displayWindow.getState()];
    for (const { slot, viewport } of presenter.shown()) infos[slot].set(slotInfoOf(slot, viewport, slices, k, window));
  }

  function sliceOfImageId(imageId: string): number | undefined {
    const name = parseImageId(imageId);
    return name !== undefined && name.opening === life.slices()?.opening ? name.k : undefined;
  }

  async function goToSlice(k: number): Promise<void> {
    const slices = life.slices();
    if (slices === undefined) return;
    const target = Math.min(slices.imageIds.length - 1, Math.max(0, Math.round(k)));
    const stack = slots.stack();
    if (stack === undefined || presenter.shown().every(({ slot }) => slot !== 'acquisition')) {
      state.currentSlice.set(target);
      return;
    }
    await stack.setImageIdIndex(target);
  }

  function showLayout(next: Layout): void {
    state.layout.set(next);
    state.slots.set(slotsOfLayout(next, life.slices()?.series.stack.normal ?? [0, 0, 1]));
    if (!state.slots.getState().includes(state.activeSlot.getState())) state.activeSlot.set('acquisition');
  }

  /** Scrolling by hand ends the cine: whoever scrolls wants to look. */
  function goByHand(k: number): void {
    cine.setPlaying(false);
    void goToSlice(k);
  }

  return {
    ...state,
    setBrushRadius: (millimetres) =>
      state.brushRadius.set(Math.min(LARGEST_BRUSH, Math.max(SMALLEST_BRUSH, millimetres))),
    setBrushRange: state.brushRange.set,
    onBrushStroke: brushing.onStroke,
    attach: slots.attach,
    slotInfo: (slot) => infos[slot],
    setActiveSlot: state.activeSlot.set,
    sliceOfImageId,
    goToSlice: goByHand,
    scroll: (step) => goByHand(state.currentSlice.getState() + step),
    setWindow: windowing.set,
    setOwnPresets: (presets) => windowing.setOwn(presets, life.slices()?.series),
    applyPreset: ({ window }) => windowing.set(window),
    invert: () => windowing.setInverted(!state.inverted.getState()),
    close: life.close,
    open: life.open,
    thumbnail: (source, study, series, options = {}) => thumbnailOf(index, source, study, series, options),
    slicePixels: async (k, options) => {
      const slices = life.slices();
      if (slices === undefined) throw new Error('No series is open');
      return slicePixels(slices, k, options);
    },
    setLayout: (next) => {
      wantedLayout = next;
      if (next === 'stack' || state.canReformat.getState()) showLayout(next);
    },
    zoom: actions.zoom,
    flip: (axis) => actions.flip(state.activeSlot.getState(), axis),
    rotate: (degrees) => actions.rotate(state.activeSlot.getState(), degrees),
    zoomTo: (k, box) => {
      const slices = life.slices();
      if (slices === undefined) return;
      goByHand(k);
      crosshairs.moveTo(middleOf(slices, k, box), 'acquisition');
      actions.enlarge(slices, k, box);
    },
    setPlaying: cine.setPlaying,
    setFramesPerSecond: (fps) => state.framesPerSecond.set(Math.min(60, Math.max(1, fps))),
    resetView: () => {
      const slices = life.slices();
      if (slices === undefined) return;
      const point = crosshairs.point();
      actions.reset();
      if (point !== undefined) crosshairs.moveTo(point, 'acquisition');
      windowing.reset(slices, slices.imageIds);
    },
    setCrosshairs: (on) => {
      state.crosshairs.set(on);
      groups.setEnabled('Crosshairs', on);
      crosshairs.redraw();
    },
    moveCrosshair: (right, down) => {
      const slot = state.activeSlot.getState();
      const plane = life.slices()?.series.stack.planes[state.currentSlice.getState()];
      const point = crosshairs.point();
      if (plane === undefined || point === undefined) return;
      const to = actions.beside(slot, point, right * plane.columnSpacing, down * plane.rowSpacing);
      if (to !== undefined) crosshairs.moveTo(to, slot);
    },
    markPoint: () => {
      const point = crosshairs.point();
      const tool = state.activeTool.getState();
      return point && measuring.mark(tool, state.activeSlot.getState(), point);
    },
    showCalipers: calipers.show,
    removeLastMeasurement: measuring.removeLast,
    clearMeasurements: measuring.clear,
    registerTools: groups.register.bind(groups),
    activateTool: (toolName) => {
      measuring.abandon();
      if (groups.activate(toolName)) state.activeTool.set(toolName);
    },
    showLabelmap: overlay.show,
    setOverlayOpacity: (opacity) => {
      overlay.setOpacity(opacity);
      state.overlayOpacity.set(opacity);
    },
  };
}

/** Radius, mm. */
const SMALLEST_BRUSH = 0.5;
const LARGEST_BRUSH = 25;

/** Tools whose clicks mean nothing of their own. */
const VIEW_TOOLS: ReadonlySet<string> = new Set(['WindowLevel', 'Pan', 'Zoom', 'StackScroll']);
