import { startCornerstone } from './cornerstone.ts';
import { activeStack, createViewCommands } from './createViewCommands.ts';
import { createArrangement } from './display/arrangement.ts';
import { createCine } from './display/cine.ts';
import { createCrosshairs } from './display/crosshairs.ts';
import { createFollowing } from './display/following.ts';
import { createLinking } from './display/linking.ts';
import { createPointer } from './display/pointing.ts';
import { createPresenter } from './display/presenter.ts';
import { createReadout } from './display/readout.ts';
import { isReformat } from './display/reformats.ts';
import { createScrolling } from './display/scrolling.ts';
import { createSlots, ownerOf } from './display/slots.ts';
import { createViewActions } from './display/viewActions.ts';
import { createLabelmapOverlay } from './overlay/labelmapOverlay.ts';
import { createCompanion } from './series/createCompanion.ts';
import { createSeriesCalls } from './series/createSeriesCalls.ts';
import { releaseAllBut, releaseSeries } from './series/release.ts';
import { createSeriesLife } from './series/seriesLife.ts';
import { createSolid } from './solid/createSolid.ts';
import { createTools } from './tools/createTools.ts';
import type { Pane, Viewer, ViewportSlot } from './viewer.ts';
import { createPaneState, createViewerState, followActivePane, type PaneParts } from './viewerState.ts';
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
      void following.present(slot);
    },
    closing: (slot) => {
      if (slot === 'solid') solid.leave();
      else if (ownerOf(slot) === 'session') overlay.viewportClosing(slot);
      presenter.forget(slot);
      groups.leave(slot);
      readout.clear(slot);
    },
    moved: (slot) => following.moved(slot),
    clicked: (slot, at) => pointer.clicked(slot, at),
    pointed: (slot, at) => pointer.pointed(slot, at),
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
        linking.renew();
      },
      volumeReady: async (_, metadata) => {
        await overlay.volumeReady(metadata);
        state.canReformat.set(true);
        for (const slot of slots.enabled()) if (isReformat(slot)) await following.present(slot);
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
        linking.renew();
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
        linking.renew();
        slots.enableAll('companion');
      },
      closing: () => slots.disableAll('companion'),
      release: releaseSeries,
      closed: () => linking.renew(),
    }),
  };
  const partsOf = (slot: ViewportSlot): PaneParts => (slot === 'companion' ? second : session);
  const { slices: openSlices } = session.life;
  const companion = createCompanion(beside, second.life, openSlices);
  const panes: Record<'session' | 'companion', Pane> = { session: first, companion };
  const active = followActivePane(state.activeSlot, panes);
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
  const linking = createLinking({
    link: state.link,
    openSlices,
    besideSlices: second.life.slices,
    crosshairs: () => crosshairs,
    readout: () => readout,
  });
  const crosshairs = createCrosshairs(slots, {
    lead: scrolling.lead,
    shownSlice: (slot) => partsOf(slot).state.currentSlice.getState(),
    linked: () => linking.linked()?.series.stack,
  });
  const isLinked = (): boolean => linking.linked() !== undefined;
  const readout = createReadout(infos, { slots, presenter, crosshairs, partsOf, openSlices, isLinked });
  const following = createFollowing({ slots, presenter, scrolling, crosshairs, readout, partsOf });
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
  const pointer = createPointer({ state, groups, crosshairs, slicesOf: (slot) => partsOf(slot).life.slices() });
  const cine = createCine(state.playing, state.framesPerSecond, async () => {
    const slot = activeStack(state);
    const { currentSlice, openSeries } = partsOf(slot).state;
    await scrolling.goTo(slot, (currentSlice.getState() + 1) % (openSeries.getState()?.imageIds.length ?? 1));
  });
  function presentSolid(): void {
    const [viewport, slices] = [slots.solid(), openSlices()];
    if (viewport === undefined || slices === undefined) return;
    solid.enter(viewport, slices, () => {
      groups.enter('solid');
      readout.refresh();
    });
  }

  const commands = createViewCommands({
    state,
    panes: [session, second],
    partsOf,
    openSlices,
    isLinked,
    scrolling,
    actions,
    overlay,
    crosshairs,
    cine,
    solid,
  });

  return {
    ...state,
    ...first,
    ...api,
    ...commands,
    ...createSeriesCalls(index, session.life, companion, first.loading),
    companion,
    ...active,
    attach: slots.attach,
    slotInfo: (slot) => infos[slot],
    setActiveSlot: state.activeSlot.set,
    setLayout: (next) => {
      if (next !== 'pair') companion.close();
      arrangement.want(next);
    },
    setLinked: linking.want,
    swapPanes: arrangement.swap,
    showLabelmap: (labelmap) => {
      const ends = [overlay.show(labelmap), solid.show(labelmap)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
