import { startCornerstone } from './cornerstone.ts';
import { createCine } from './display/cine.ts';
import { createCrosshairs } from './display/crosshairs.ts';
import { awayFromSlice, linkBetween } from './display/paneLink.ts';
import { readingAt } from './display/pointing.ts';
import { createPresenter } from './display/presenter.ts';
import { isReformat, isStack, slotsOfLayout } from './display/reformats.ts';
import { createScrolling, type StackSlot } from './display/scrolling.ts';
import { NOTHING_SHOWN, slotInfoOf } from './display/slotInfo.ts';
import { createSlots, ownerOf } from './display/slots.ts';
import { createViewActions, middleOf } from './display/viewActions.ts';
import { createLabelmapOverlay } from './overlay/labelmapOverlay.ts';
import { createCompanion } from './series/createCompanion.ts';
import { type OpenSlices, parseImageId } from './series/openSlices.ts';
import { releaseAllBut, releaseSeries } from './series/release.ts';
import { createSeriesLife, type SeriesLife } from './series/seriesLife.ts';
import { slicePixels } from './series/slicePixels.ts';
import { thumbnailOf } from './series/thumbnail.ts';
import { createSolid } from './solid/createSolid.ts';
import { writableState } from './state.ts';

import { createTools } from './tools/createTools.ts';
import type { Layout, Pane, Viewer, ViewportSlot } from './viewer.ts';
import { createPaneState, createViewerState, type PaneState } from './viewerState.ts';
import { createWindowing, type Windowing } from './window/windowing.ts';

let made: Viewer | undefined;

/** The viewer of this page: made once, because Cornerstone's state is the page's. */
export async function createViewer(): Promise<Viewer> {
  made ??= makeViewer();
  return made;
}

/** A series on the screen with all that it has of its own. */
interface PaneParts {
  readonly state: PaneState;
  readonly windowing: Windowing;
  readonly life: SeriesLife;
}

function makeViewer(): Viewer {
  const { engine, index } = startCornerstone();
  const { infos, ...state } = createViewerState();
  let wantsLink = true;
  let swapped = false;
  /** Images of the labelmap of a series that is being closed. */
  let leftovers: readonly string[] = [];

  const overlay = createLabelmapOverlay();
  const slots = createSlots(engine, {
    enabled: (slot) => {
      if (slot === 'solid') {
        presentSolid();
        return;
      }
      groups.enter(slot);
      void present(slot);
    },
    closing: (slot) => {
      if (slot === 'solid') solid.leave();
      else if (ownerOf(slot) === 'session') overlay.viewportClosing(slot);
      presenter.forget(slot);
      groups.leave(slot);
      infos[slot].set(NOTHING_SHOWN);
    },
    moved,
    /** With a tool that only changes the view, a click moves the other planes: in reformats always, else with the crosshair on. */
    clicked: (slot, at) => {
      if (!VIEW_TOOLS.has(state.activeTool.getState())) return;
      if (isReformat(slot) || state.crosshairs.getState()) crosshairs.moveTo(at, slot);
    },
    pointed: (slot, at) => {
      const slices = partsOf(slot).life.slices();
      state.cursor.set(slices && at && readingAt(slices, slot, at));
    },
  });
  const applyLook = (): void => {
    presenter.applyLook();
    refreshInfo();
  };
  const first = createPaneState();
  const firstWindow = createWindowing(first, applyLook);
  const session: PaneParts = {
    state: first,
    windowing: firstWindow,
    life: createSeriesLife(index, first, firstWindow, {
      begun: (slices, middle) => {
        if (!companion.fits()) companion.close();
        crosshairs.start(slices.series.stack, middle);
      },
      shown: (slices) => {
        overlay.seriesOpened(slices);
        showLayout(withoutVolume());
        slots.enableAll('session');
        relink();
      },
      volumeReady: async (_, metadata) => {
        await overlay.volumeReady(metadata);
        state.canReformat.set(true);
        for (const slot of slots.enabled()) if (isReformat(slot)) await present(slot);
        showLayout(state.wantedLayout.getState());
      },
      closing: () => {
        cine.setPlaying(false);
        slots.disableAll('session');
        leftovers = overlay.seriesClosed();
        crosshairs.stop();
        measuring.abandon();
      },
      release: ({ imageIds }) => {
        releaseAllBut(second.life.slices(), [...imageIds, ...leftovers]);
        leftovers = [];
      },
      closed: () => {
        state.canReformat.set(false);
        state.cursor.set(undefined);
        state.measurements.set(measuring.count());
        // A range of values means nothing on other images.
        state.brushRange.set(undefined);
        state.lastBrushRange.set(undefined);
        state.activeSlot.set('acquisition');
        showLayout(withoutVolume());
        relink();
      },
    }),
  };
  const beside = createPaneState();
  const besideWindow = createWindowing(beside, applyLook);
  const second: PaneParts = {
    state: beside,
    windowing: besideWindow,
    life: createSeriesLife(index, beside, besideWindow, {
      begun: () => {},
      shown: () => {
        slots.enableAll('companion');
        relink();
      },
      closing: () => slots.disableAll('companion'),
      release: releaseSeries,
      closed: relink,
    }),
  };
  const partsOf = (slot: ViewportSlot): PaneParts => (slot === 'companion' ? second : session);
  const { slices: openSlices } = session.life;
  const companion = createCompanion(beside, second.life, openSlices);
  const panes: Record<'session' | 'companion', Pane> = { session: first, companion };
  const activePane = writableState<Pane>(first);
  const promptsHere = writableState(true);
  state.activeSlot.subscribe(() => {
    const owner = ownerOf(state.activeSlot.getState());
    activePane.set(panes[owner]);
    promptsHere.set(owner === 'session');
  });
  const activeParts = (): PaneParts => partsOf(state.activeSlot.getState());
  const activeStack = (): StackSlot => (state.activeSlot.getState() === 'companion' ? 'companion' : 'acquisition');

  const here = () => {
    const slices = openSlices();
    return slices && { slices, k: first.currentSlice.getState() };
  };
  const presenter = createPresenter(slots, overlay, (slot) => {
    const { life, state: pane } = partsOf(slot);
    const slices = life.slices();
    return (
      slices && {
        slices,
        k: pane.currentSlice.getState(),
        volume: life.volume(),
        window: pane.displayWindow.getState(),
        inverted: pane.inverted.getState(),
      }
    );
  });
  const scrolling = createScrolling(slots, presenter, (slot) => partsOf(slot).state);
  const actions = createViewActions(presenter);
  const solid = createSolid();
  const linkedSlices = (): OpenSlices | undefined =>
    state.link.getState()?.kind === 'linked' ? second.life.slices() : undefined;
  const crosshairs = createCrosshairs(slots, {
    lead: scrolling.lead,
    shownSlice: (slot) => partsOf(slot).state.currentSlice.getState(),
    linked: () => linkedSlices()?.series.stack,
  });
  const { measuring, groups, api } = createTools({
    state,
    index,
    overlay,
    crosshairs,
    here,
    window: {
      current: (slot) => partsOf(slot).state.displayWindow.getState(),
      set: (slot, window) => partsOf(slot).windowing.set(window),
    },
  });
  const cine = createCine(state.playing, state.framesPerSecond, async () => {
    const slot = activeStack();
    const { currentSlice, openSeries } = partsOf(slot).state;
    await scrolling.goTo(slot, (currentSlice.getState() + 1) % (openSeries.getState()?.imageIds.length ?? 1));
  });
  async function present(slot: ViewportSlot): Promise<void> {
    await presenter.present(slot);
    const point = crosshairs.point();
    if (isReformat(slot) && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    refreshInfo();
  }

  function presentSolid(): void {
    const [viewport, slices] = [slots.solid(), openSlices()];
    if (viewport === undefined || slices === undefined) return;
    solid.enter(viewport, slices, () => {
      groups.enter('solid');
      refreshInfo();
    });
  }

  function moved(slot: ViewportSlot): void {
    if (isReformat(slot)) crosshairs.reformatMoved(slot);
    else if (isStack(slot)) {
      const { life, state: pane } = partsOf(slot);
      const shown = parseImageId(slots.stack(slot)?.getCornerstoneImage()?.imageId ?? '');
      if (shown !== undefined && shown.opening === life.slices()?.opening && shown.k !== pane.currentSlice.getState()) {
        pane.currentSlice.set(shown.k);
        if (scrolling.isLed(slot, shown.k)) crosshairs.redraw();
        else if (slot === 'acquisition') crosshairs.sliceChanged(shown.k);
        else crosshairs.companionMoved(shown.k);
      }
    }
    refreshInfo();
  }

  function refreshInfo(): void {
    const point = crosshairs.point();
    for (const { slot, viewport } of presenter.shown()) {
      const { life, state: pane } = partsOf(slot);
      const slices = life.slices();
      if (slices === undefined) continue;
      const [k, window] = [pane.currentSlice.getState(), pane.displayWindow.getState()];
      const follows = linkedSlices() !== undefined && isStack(slot) && point !== undefined;
      const away = follows ? awayFromSlice(slices.series.stack, k, point) : undefined;
      infos[slot].set(slotInfoOf(slot, viewport, slices, k, window, away));
    }
    const [whole, slices] = [slots.solid(), openSlices()];
    if (whole !== undefined && slices !== undefined && whole.getActors().length > 0) {
      infos.solid.set(slotInfoOf('solid', whole, slices, 0, undefined, undefined));
    }
  }

  /** What the two series are to each other, after one of them came or went. */
  function relink(): void {
    const [one, other] = [openSlices(), second.life.slices()];
    state.link.set(one && other && linkBetween(one, other, wantsLink));
    const point = crosshairs.point();
    if (linkedSlices() !== undefined && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    crosshairs.redraw();
    refreshInfo();
  }

  /** Of what is asked for, what needs no volume. */
  const withoutVolume = (): Layout => (state.wantedLayout.getState() === 'pair' ? 'pair' : 'stack');

  function showLayout(next: Layout): void {
    state.layout.set(next);
    const shown = slotsOfLayout(next, openSlices()?.series.stack.normal ?? [0, 0, 1]);
    state.slots.set(next === 'pair' && swapped ? shown.toReversed() : shown);
    if (!shown.includes(state.activeSlot.getState())) state.activeSlot.set('acquisition');
  }

  /** Scrolling by hand ends the cine: whoever scrolls wants to look. */
  function goByHand(slot: StackSlot, k: number): void {
    cine.setPlaying(false);
    void scrolling.goTo(slot, k);
  }

  const ofActive = (slot: ViewportSlot): boolean => ownerOf(slot) === ownerOf(state.activeSlot.getState());

  return {
    ...state,
    ...first,
    ...api,
    companion,
    activePane,
    promptsHere,
    attach: slots.attach,
    slotInfo: (slot) => infos[slot],
    setActiveSlot: state.activeSlot.set,
    sliceOfImageId: (imageId) => {
      const name = parseImageId(imageId);
      return name !== undefined && name.opening === openSlices()?.opening ? name.k : undefined;
    },
    goToSlice: (k) => goByHand('acquisition', k),
    scroll: (step) => goByHand(activeStack(), activeParts().state.currentSlice.getState() + step),
    scrollToEnd: (end) => goByHand(activeStack(), end === 'first' ? 0 : Number.MAX_SAFE_INTEGER),
    setWindow: (window) => activeParts().windowing.set(window),
    setOwnPresets: (presets) => {
      for (const { windowing, life } of [session, second]) windowing.setOwn(presets, life.slices()?.series);
    },
    applyPreset: ({ window }) => activeParts().windowing.set(window),
    invert: () => {
      const { windowing, state: pane } = activeParts();
      windowing.setInverted(!pane.inverted.getState());
    },
    close: () => {
      session.life.close();
      companion.close();
    },
    open: async (...series) => {
      const opened = await session.life.open(...series);
      if (!opened.ok) companion.close();
      return opened;
    },
    thumbnail: (source, study, series, options = {}) => thumbnailOf(index, source, study, series, options),
    slicePixels: async (k, options) => {
      const slices = openSlices();
      if (slices === undefined) throw new Error('No series is open');
      return slicePixels(slices, k, options);
    },
    setLayout: (next) => {
      state.wantedLayout.set(next);
      if (next !== 'pair') companion.close();
      if (!NEEDS_VOLUME.has(next) || state.canReformat.getState()) showLayout(next);
    },
    setLinked: (on) => {
      wantsLink = on;
      relink();
    },
    swapPanes: () => {
      swapped = !swapped;
      showLayout(state.layout.getState());
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
      const linked = linkedSlices() !== undefined;
      actions.enlarge(slices, k, box, (slot) => linked || ownerOf(slot) === 'session');
    },
    setPlaying: cine.setPlaying,
    setFramesPerSecond: (fps) => state.framesPerSecond.set(Math.min(60, Math.max(1, fps))),
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
    setCrosshairs: (on) => {
      state.crosshairs.set(on);
      groups.setEnabled('Crosshairs', on);
      crosshairs.redraw();
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
    markPoint: () => {
      const slot = state.activeSlot.getState();
      const point = crosshairs.pointIn(slot);
      return point && measuring.mark(state.activeTool.getState(), slot, point);
    },
    showLabelmap: (labelmap) => {
      const ends = [overlay.show(labelmap), solid.show(labelmap)];
      return () => {
        for (const end of ends) end();
      };
    },
    setOverlayOpacity: (opacity) => {
      overlay.setOpacity(opacity);
      state.overlayOpacity.set(opacity);
    },
  };
}

/** Layouts with planes through the volume. */
const NEEDS_VOLUME: ReadonlySet<Layout> = new Set(['mpr', 'quad']);

/** Tools whose clicks mean nothing of their own. */
const VIEW_TOOLS: ReadonlySet<string> = new Set(['WindowLevel', 'Pan', 'Zoom', 'StackScroll']);
