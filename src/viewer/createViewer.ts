import { startCornerstone } from './cornerstone.ts';
import { activeStack, createViewCommands } from './createViewCommands.ts';
import { createArrangement } from './display/arrangement.ts';
import { createCine } from './display/cine.ts';
import { createCrosshairs } from './display/crosshairs.ts';
import { linkBetween } from './display/paneLink.ts';
import { readingAt } from './display/pointing.ts';
import { createPresenter } from './display/presenter.ts';
import { createReadout } from './display/readout.ts';
import { isReformat, isStack } from './display/reformats.ts';
import { createScrolling } from './display/scrolling.ts';
import { createSlots, ownerOf } from './display/slots.ts';
import { createViewActions } from './display/viewActions.ts';
import { createLabelmapOverlay } from './overlay/labelmapOverlay.ts';
import { createCompanion } from './series/createCompanion.ts';
import { type OpenSlices, parseImageId } from './series/openSlices.ts';
import { releaseAllBut, releaseSeries } from './series/release.ts';
import { createSeriesLife } from './series/seriesLife.ts';
import { slicePixels } from './series/slicePixels.ts';
import { thumbnailOf } from './series/thumbnail.ts';
import { createSolid } from './solid/createSolid.ts';
import { writableState } from './state.ts';
import { createTools } from './tools/createTools.ts';
import type { Pane, Viewer, ViewportSlot } from './viewer.ts';
import { createPaneState, createViewerState, type PaneParts } from './viewerState.ts';
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
  let wantsLink = true;
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
      readout.clear(slot);
    },
    moved,
    /** With a tool that only changes the view, a click moves the other planes: in reformats always, else with the crosshair on. */
    clicked: (slot, at) => {
      const tool = state.activeTool.getState();
      if (!VIEW_TOOLS.has(tool) && !groups.leavesClicks(slot, tool)) return;
      if (isReformat(slot) || state.crosshairs.getState()) crosshairs.moveTo(at, slot);
    },
    pointed: (slot, at) => {
      const slices = partsOf(slot).life.slices();
      state.cursor.set(slices && at && readingAt(slices, slot, at));
    },
  });
  const applyLook = (): void => {
    presenter.applyLook();
    readout.refresh();
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
        arrangement.withoutVolume();
        slots.enableAll('session');
        relink();
      },
      volumeReady: async (_, metadata) => {
        await overlay.volumeReady(metadata);
        state.canReformat.set(true);
        for (const slot of slots.enabled()) if (isReformat(slot)) await present(slot);
        arrangement.volumeReady();
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
        arrangement.withoutVolume();
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
        // First to where the open series is, then onto the screen: what it showed before would lead the open series there.
        relink();
        slots.enableAll('companion');
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
  const isLinked = (): boolean => linkedSlices() !== undefined;
  const readout = createReadout(infos, { slots, presenter, crosshairs, partsOf, openSlices, isLinked });
  const arrangement = createArrangement(state, () => openSlices()?.series.stack);
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
    const slot = activeStack(state);
    const { currentSlice, openSeries } = partsOf(slot).state;
    await scrolling.goTo(slot, (currentSlice.getState() + 1) % (openSeries.getState()?.imageIds.length ?? 1));
  });
  const filling = new Set<ViewportSlot>();
  async function present(slot: ViewportSlot): Promise<void> {
    filling.add(slot);
    await presenter.present(slot).finally(() => filling.delete(slot));
    const point = crosshairs.point();
    if (isReformat(slot) && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    readout.refresh();
  }

  function presentSolid(): void {
    const [viewport, slices] = [slots.solid(), openSlices()];
    if (viewport === undefined || slices === undefined) return;
    solid.enter(viewport, slices, () => {
      groups.enter('solid');
      readout.refresh();
    });
  }

  function moved(slot: ViewportSlot): void {
    if (isReformat(slot)) {
      // While it is filled it goes to its own middle, which is nobody's wish: it comes to the point when it is shown.
      if (!filling.has(slot)) crosshairs.reformatMoved(slot);
    } else if (isStack(slot)) {
      const { life, state: pane } = partsOf(slot);
      const shown = parseImageId(slots.stack(slot)?.getCornerstoneImage()?.imageId ?? '');
      if (shown !== undefined && shown.opening === life.slices()?.opening && shown.k !== pane.currentSlice.getState()) {
        pane.currentSlice.set(shown.k);
        if (scrolling.isLed(slot, shown.k)) crosshairs.redraw();
        else if (slot === 'acquisition') crosshairs.sliceChanged(shown.k);
        else crosshairs.companionMoved(shown.k);
      }
    }
    readout.refresh();
  }

  /** What the two series are to each other, after one of them came or went. */
  function relink(): void {
    const [one, other] = [openSlices(), second.life.slices()];
    state.link.set(one && other && linkBetween(one, other, wantsLink));
    const point = crosshairs.point();
    if (linkedSlices() !== undefined && point !== undefined) crosshairs.moveTo(point, 'acquisition');
    crosshairs.redraw();
    readout.refresh();
  }

  const commands = createViewCommands({
    state,
    panes: [session, second],
    partsOf,
    openSlices,
    isLinked,
    scrolling,
    actions,
    crosshairs,
    cine,
    solid,
  });

  return {
    ...state,
    ...first,
    ...api,
    ...commands,
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
      if (next !== 'pair') companion.close();
      arrangement.want(next);
    },
    setLinked: (on) => {
      wantsLink = on;
      relink();
    },
    swapPanes: arrangement.swap,
    setCrosshairs: (on) => {
      state.crosshairs.set(on);
      groups.setEnabled('Crosshairs', on);
      crosshairs.redraw();
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

/** Tools whose clicks mean nothing of their own. */
const VIEW_TOOLS: ReadonlySet<string> = new Set(['WindowLevel', 'Pan', 'Zoom', 'StackScroll']);
