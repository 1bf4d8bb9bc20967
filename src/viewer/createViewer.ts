import { cache, type ImageVolume, utilities } from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import { text } from '#core/dicom/dataset.ts';
import { Tag } from '#core/dicom/tags.ts';
import type { PatientPoint } from '#core/geometry/coordinates.ts';
import type { IntensityWindow, WindowPreset } from '#core/pixels/intensityWindow.ts';
import { ok } from '#core/result.ts';
import type { OpenSeries, ReadableState } from '#extension-api';
import { startCornerstone } from './cornerstone.ts';
import { createCrosshairs } from './display/crosshairs.ts';
import { createPresenter } from './display/presenter.ts';
import { slotsOfLayout } from './display/reformats.ts';
import { NOTHING_SHOWN, slotInfoOf } from './display/slotInfo.ts';
import { createSlots } from './display/slots.ts';
import { createLabelmapOverlay } from './overlay/labelmapOverlay.ts';
import { beginOpening, middleSlice } from './series/beginOpening.ts';
import { type OpenSlices, parseImageId } from './series/openSlices.ts';
import { loadAllSlices } from './series/sliceLoading.ts';
import { slicePixels } from './series/slicePixels.ts';
import { volumeOfImages } from './series/sliceVolume.ts';
import { writableState } from './state.ts';
import { createBrushing } from './tools/brushing.ts';
import type { ValueRange } from './tools/brushStroke.ts';
import { builtInTools } from './tools/builtInTools.ts';
import { createToolGroups } from './tools/toolGroups.ts';
import type { Caliper, Layout, SliceFailure, SlotInfo, Viewer, ViewportSlot } from './viewer.ts';
import { initialWindow, percentileWindow, presetsOf } from './window/autoWindow.ts';

let made: Viewer | undefined;

/** The viewer of this page: made once, because Cornerstone's state is the page's. */
export async function createViewer(): Promise<Viewer> {
  made ??= makeViewer();
  return made;
}

function makeViewer(): Viewer {
  const { engine, index } = startCornerstone();
  let slices: OpenSlices | undefined;
  let volume: ImageVolume | undefined;
  let wantedLayout: Layout = 'stack';
  let tickets = 0;
  let calipers: ReadableState<readonly Caliper[]> | undefined;

  const openSeries = writableState<OpenSeries | undefined>(undefined);
  const currentSlice = writableState(0);
  const displayWindow = writableState<IntensityWindow | undefined>(undefined);
  const layout = writableState<Layout>('stack');
  const canReformat = writableState(false);
  const slotList = writableState<readonly ViewportSlot[]>(['acquisition']);
  const loading = writableState<{ readonly done: number; readonly total: number } | undefined>(undefined);
  const failures = writableState<readonly SliceFailure[]>([]);
  const presets = writableState<readonly WindowPreset[]>([]);
  const inverted = writableState(false);
  const crosshairsOn = writableState(false);
  const overlayOpacity = writableState(0.35);
  const activeTool = writableState('WindowLevel');
  const brushRadius = writableState(5);
  const brushRange = writableState<ValueRange | undefined>(undefined);
  const lastBrushRange = writableState<ValueRange | undefined>(undefined);
  const infos = {
    acquisition: writableState<SlotInfo>(NOTHING_SHOWN),
    axial: writableState<SlotInfo>(NOTHING_SHOWN),
    coronal: writableState<SlotInfo>(NOTHING_SHOWN),
    sagittal: writableState<SlotInfo>(NOTHING_SHOWN),
  };

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
    clicked,
  });
  const presenter = createPresenter(
    slots,
    overlay,
    () => slices && { slices, k: currentSlice.getState(), volume },
    () => ({ window: displayWindow.getState(), inverted: inverted.getState() }),
  );
  const crosshairs = createCrosshairs(slots, goToSlice);
  const brushing = createBrushing(overlay, {
    place: () => slices && { slices, k: currentSlice.getState() },
    radius: brushRadius.getState,
    values: (k) => slices && loadedValues(slices, k),
    range: brushRange.getState,
    onRange: lastBrushRange.set,
  });
  const groups = createToolGroups('Crosshairs');
  for (const tool of builtInTools({
    valueText,
    window: { current: displayWindow.getState, set: setWindow },
    crosshairs: { ...crosshairs, visible: () => crosshairsOn.getState() && slotList.getState().length > 1 },
    brush: brushing,
    caliper: { shown: shownCalipers },
  })) {
    groups.add(tool);
  }
  groups.setEnabled('Caliper', true);
  groups.activate(activeTool.getState());

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
      if (k !== undefined && k !== currentSlice.getState()) {
        currentSlice.set(k);
        crosshairs.sliceChanged(k);
      }
    } else crosshairs.reformatMoved(slot);
    refreshInfo();
  }

  /** With a tool that only changes the view, a click moves the other planes: in reformats always, else with the crosshair on. */
  function clicked(slot: ViewportSlot, at: PatientPoint): void {
    if (!VIEW_TOOLS.has(activeTool.getState())) return;
    if (slot !== 'acquisition' || crosshairsOn.getState()) crosshairs.moveTo(at, slot);
  }

  function valueText(i: number, j: number, k: number): string | undefined {
    const columns = slices?.series.stack.planes[k]?.columns;
    if (slices === undefined || columns === undefined || i < 0 || i >= columns) return undefined;
    const value = loadedValues(slices, k)?.[j * columns + i];
    if (value === undefined) return undefined;
    const digits = Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(4);
    return `${digits} ${slices.series.frames[k]?.lut.units ?? (slices.series.modality === 'CT' ? 'HU' : '')}`.trim();
  }

  function shownCalipers() {
    const k = currentSlice.getState();
    const plane = slices?.series.stack.planes[k];
    const here = calipers?.getState().filter((caliper) => caliper.k === k) ?? [];
    return plane && { plane, calipers: here };
  }

  function refreshInfo(): void {
    const opened = slices;
    if (opened === undefined) return;
    for (const { slot, viewport } of presenter.shown()) {
      infos[slot].set(slotInfoOf(slot, viewport, opened, currentSlice.getState(), displayWindow.getState()));
    }
  }

  function sliceOfImageId(imageId: string): number | undefined {
    const name = parseImageId(imageId);
    return name !== undefined && name.opening === slices?.opening ? name.k : undefined;
  }

  function goToSlice(k: number): void {
    if (slices === undefined) return;
    const target = Math.min(slices.imageIds.length - 1, Math.max(0, Math.round(k)));
    const stack = slots.stack();
    if (stack === undefined || presenter.shown().every(({ slot }) => slot !== 'acquisition')) {
      currentSlice.set(target);
      return;
    }
    void stack.setImageIdIndex(target);
  }

  function setWindow(window: IntensityWindow): void {
    displayWindow.set(window);
    presenter.applyLook();
    refreshInfo();
  }

  function setInverted(on: boolean): void {
    inverted.set(on);
    presenter.applyLook();
  }

  function showLayout(next: Layout): void {
    layout.set(next);
    slotList.set(slotsOfLayout(next, slices?.series.stack.normal ?? [0, 0, 1]));
  }

  function close(): void {
    tickets += 1;
    const closed = slices;
    if (closed === undefined) return;
    closed.closing.abort(new DOMException('The series was closed', 'AbortError'));
    openSeries.set(undefined);
    slots.disableAll();
    overlay.seriesClosed();
    crosshairs.stop();
    tools.segmentation.removeAllSegmentationRepresentations();
    tools.segmentation.removeAllSegmentations();
    tools.annotation.state.removeAllAnnotations();
    slices = undefined;
    volume = undefined;
    cache.purgeCache();
    utilities.genericMetadataProvider.clear();
    index.remove(closed);
    canReformat.set(false);
    loading.set(undefined);
    failures.set([]);
    presets.set([]);
    displayWindow.set(undefined);
    // A range of values means nothing on other images.
    brushRange.set(undefined);
    lastBrushRange.set(undefined);
    showLayout('stack');
  }

  function shownFirst(opened: OpenSlices): void {
    slices = opened;
    const middle = middleSlice(opened);
    currentSlice.set(middle);
    setAutoWindow(opened, [opened.imageIds[middle]!]);
    inverted.set(isMonochrome1(opened));
    crosshairs.start(opened.series.stack, middle);
    openSeries.set(opened);
    overlay.seriesOpened(opened);
    slots.enableAll();
  }

  /** Window and presets from the slices given; a window that the reader chose stays. */
  function setAutoWindow(opened: OpenSlices, imageIds: readonly string[]): void {
    const images = imageIds.flatMap((id) => cache.getImage(id) ?? []).filter(({ color }) => !color);
    const auto = percentileWindow(images.map((image) => image.getPixelData()));
    presets.set(presetsOf(opened.series, auto));
    const window = initialWindow(opened.series, auto);
    const { source } = displayWindow.getState() ?? { source: 'percentile' };
    if (window !== undefined && source === 'percentile') setWindow(window);
  }

  async function loadRest(opened: OpenSlices): Promise<void> {
    loading.set({ done: 0, total: opened.imageIds.length });
    try {
      await loadAllSlices(opened, currentSlice.getState, (done, total) => {
        loading.set({ done, total });
        if (opened.failures.size !== failures.getState().length) failures.set(failureList(opened));
      });
    } catch (thrown) {
      if (opened.closing.signal.aborted) return;
      throw thrown;
    }
    loading.set(undefined);
    setAutoWindow(
      opened,
      opened.imageIds.filter((_, k) => !opened.failures.has(k)),
    );
    await makeVolume(opened);
  }

  /** Reformats need a regular grid, and every slice of it: a missing one would look like anatomy. */
  async function makeVolume(opened: OpenSlices): Promise<void> {
    const { grid } = opened.series.stack;
    if (grid === undefined || opened.failures.size > 0 || cache.getImage(opened.imageIds[0]!)?.color !== false) return;
    const metadata = { ...utilities.makeVolumeMetadata([...opened.imageIds]), voiLut: [] };
    volume = volumeOfImages(`volume-${opened.opening}`, opened.imageIds, grid, opened.voxelType, metadata);
    await overlay.volumeReady(metadata);
    canReformat.set(true);
    for (const slot of slots.enabled()) if (slot !== 'acquisition') await present(slot);
    showLayout(wantedLayout);
  }

  return {
    openSeries,
    currentSlice,
    displayWindow,
    activeTool,
    layout,
    canReformat,
    slots: slotList,
    loading,
    failures,
    presets,
    inverted,
    crosshairs: crosshairsOn,
    overlayOpacity,
    showCalipers: (state) => {
      const redraw = (): void => tools.utilities.triggerAnnotationRenderForViewportIds(['acquisition']);
      calipers = state;
      const stop = state.subscribe(redraw);
      return () => {
        stop();
        if (calipers === state) calipers = undefined;
      };
    },
    brushRadius,
    setBrushRadius: (millimetres) => brushRadius.set(Math.min(LARGEST_BRUSH, Math.max(SMALLEST_BRUSH, millimetres))),
    brushRange,
    setBrushRange: brushRange.set,
    lastBrushRange,
    onBrushStroke: brushing.onStroke,
    attach: slots.attach,
    slotInfo: (slot) => infos[slot],
    sliceOfImageId,
    goToSlice,
    scroll: (step) => goToSlice(currentSlice.getState() + step),
    setWindow,
    applyPreset: ({ window }) => setWindow(window),
    invert: () => setInverted(!inverted.getState()),
    close,
    open: async (source, studyInstanceUID, seriesInstanceUID, options = {}) => {
      close();
      const ticket = tickets;
      const begun = await beginOpening(index, source, studyInstanceUID, seriesInstanceUID, options);
      if (ticket !== tickets) {
        if (begun.ok) index.remove(begun.value);
        throw new DOMException('Another series was opened', 'AbortError');
      }
      if (!begun.ok) return begun;
      shownFirst(begun.value);
      options.onProgress?.(1, begun.value.imageIds.length);
      void loadRest(begun.value);
      return ok(begun.value);
    },
    slicePixels: async (k, options) => {
      if (slices === undefined) throw new Error('No series is open');
      return slicePixels(slices, k, options);
    },
    setLayout: (next) => {
      wantedLayout = next;
      if (next === 'stack' || canReformat.getState()) showLayout(next);
    },
    zoom: (factor) => {
      for (const { viewport } of presenter.shown()) {
        viewport.setZoom(viewport.getZoom() * factor);
        viewport.render();
      }
    },
    resetView: () => {
      if (slices === undefined) return;
      const point = crosshairs.point();
      for (const { viewport } of presenter.shown()) viewport.resetCamera();
      if (point !== undefined) crosshairs.moveTo(point, 'acquisition');
      inverted.set(isMonochrome1(slices));
      displayWindow.set(undefined);
      setAutoWindow(slices, slices.imageIds);
    },
    setCrosshairs: (on) => {
      crosshairsOn.set(on);
      groups.setEnabled('Crosshairs', on);
      crosshairs.redraw();
    },
    registerTools: (contributed) => groups.register(contributed),
    activateTool: (toolName) => {
      if (groups.activate(toolName)) activeTool.set(toolName);
    },
    showLabelmap: overlay.show,
    setOverlayOpacity: (opacity) => {
      overlay.setOpacity(opacity);
      overlayOpacity.set(opacity);
    },
  };
}

/** Radius, mm. */
const SMALLEST_BRUSH = 0.5;
const LARGEST_BRUSH = 25;

/** Modality values of a slice as far as they are loaded. */
function loadedValues({ imageIds, failures, exact }: OpenSlices, k: number): ArrayLike<number> | undefined {
  const image = cache.getImage(imageIds[k] ?? '');
  return !image || image.color || failures.has(k) ? undefined : (exact.get(k) ?? image.getPixelData());
}

/** Tools whose clicks mean nothing of their own. */
const VIEW_TOOLS: ReadonlySet<string> = new Set(['WindowLevel', 'Pan', 'Zoom', 'StackScroll']);

const isMonochrome1 = ({ series }: OpenSlices): boolean =>
  series.frames.some(({ dataset }) => text(dataset, Tag.PhotometricInterpretation) === 'MONOCHROME1');

const failureList = ({ series, failures }: OpenSlices): readonly SliceFailure[] =>
  [...failures]
    .sort(([a], [b]) => a - b)
    .map(([k, error]) => ({ k, sopInstanceUID: series.frames[k]!.sopInstanceUID, error }));
