import { createStore } from 'zustand/vanilla';
import { imageSeriesOf } from '#core/dicom/imageSeries.ts';
import type { SliceMask } from '#core/labelmap/labelmap.ts';
import { CT_PRESETS, type IntensityWindow, type WindowPreset, windowOfLevel } from '#core/pixels/intensityWindow.ts';
import { ok } from '#core/result.ts';
import type { OpenSeries, ReadableState } from '#extension-api';
import type { CursorReading, Layout, Pane, PaneLink, SlotInfo, ValueRange, Viewer, ViewportSlot } from '#viewer';

/** A state that can be set, as the viewer's are. */
function cell<T>(initial: T): ReadableState<T> & { set(value: T): void } {
  const store = createStore<{ readonly value: T }>(() => ({ value: initial }));
  return {
    getState: () => store.getState().value,
    subscribe: store.subscribe,
    set: (value) => store.setState({ value }),
  };
}

const INFO: SlotInfo = {
  orientation: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
  sliceLabel: 'Slice 1 / 12',
  windowText: 'W 400 L 40',
  zoom: 1,
  millimetresPerPixel: 1,
  problem: undefined,
  note: undefined,
};

/** The viewer's contract without pixels on a screen; `stroke` plays a brush, `did` keeps what the view was told. */
export function fakeViewer(): Viewer & { readonly did: readonly string[]; stroke(k: number, mask: SliceMask): void } {
  const openSeries = cell<OpenSeries | undefined>(undefined);
  const currentSlice = cell(0);
  const displayWindow = cell<IntensityWindow | undefined>(undefined);
  const activeTool = cell('WindowLevel');
  const layout = cell<Layout>('stack');
  const canReformat = cell(false);
  const slots = cell<readonly ViewportSlot[]>(['acquisition']);
  const presets = cell<readonly WindowPreset[]>([]);
  const inverted = cell(false);
  const crosshairs = cell(false);
  const overlayOpacity = cell(0.35);
  const brushRadius = cell(5);
  const brushRange = cell<ValueRange | undefined>(undefined);
  const loading = cell<{ readonly done: number; readonly total: number } | undefined>(undefined);
  const failures = cell<ReturnType<Viewer['failures']['getState']>>([]);
  const info = cell(INFO);
  const activeSlot = cell<ViewportSlot>('acquisition');
  const beside = cell<OpenSeries | undefined>(undefined);
  const link = cell<PaneLink | undefined>(undefined);
  const promptsHere = cell(true);
  const first: Pane = { openSeries, currentSlice, displayWindow, presets, inverted, loading, failures };
  const second = { ...first, openSeries: beside, currentSlice: cell(0) };
  const activePane = cell(first);
  const cursor = cell<CursorReading | undefined>(undefined);
  const measurements = cell(0);
  const playing = cell(false);
  const framesPerSecond = cell(12);
  const did: string[] = [];
  const strokes = new Set<(k: number, mask: SliceMask) => void>();
  const last = (): number => (openSeries.getState()?.series.frames.length ?? 1) - 1;
  const goToSlice = (k: number): void => {
    currentSlice.set(Math.max(0, Math.min(last(), k)));
    info.set({ ...INFO, sliceLabel: `Slice ${currentSlice.getState() + 1} / ${last() + 1}` });
  };

  return {
    openSeries,
    currentSlice,
    displayWindow,
    activeTool,
    layout,
    canReformat,
    slots,
    presets,
    inverted,
    crosshairs,
    overlayOpacity,
    brushRadius,
    brushRange,
    lastBrushRange: brushRange,
    loading,
    failures,
    activeSlot,
    cursor,
    measurements,
    playing,
    framesPerSecond,
    did,
    goToSlice,
    activePane,
    promptsHere,
    link,
    companion: {
      ...second,
      async open(source, study, series, options) {
        const headers = await source.seriesHeaders(study, series, options);
        const images = headers.ok ? imageSeriesOf(headers.value) : headers;
        if (!images.ok) return images;
        const imageIds = images.value.frames.map(({ sopInstanceUID }) => sopInstanceUID);
        const open = { source, series: images.value, imageIds };
        beside.set(open);
        link.set({ kind: 'apart', reason: 'no-frame' });
        return ok(open);
      },
      close: () => beside.set(undefined),
    },
    turnVolume: (right, down) => void did.push(`turn ${right},${down}`),
    setLinked: (on) => void did.push(`linked ${on}`),
    swapPanes: () => slots.set(slots.getState().toReversed()),
    wantedLayout: layout,
    worksIn: (slot, name) => slot !== 'companion' || !['Box', 'Brush', 'Eraser', 'ThresholdBrush'].includes(name),
    setActiveSlot(slot) {
      activeSlot.set(slot);
      promptsHere.set(slot !== 'companion');
      activePane.set(slot === 'companion' ? second : first);
    },
    flip: (axis) => void did.push(`flip ${axis}`),
    rotate: (degrees) => void did.push(`rotate ${degrees}`),
    zoomTo(k, { x0, y0, x1, y1 }) {
      goToSlice(k);
      did.push(`zoom to ${x0},${y0},${x1},${y1} on ${k}`);
    },
    setPlaying: playing.set,
    setFramesPerSecond: framesPerSecond.set,
    moveCrosshair: (right, down) => void did.push(`crosshair ${right},${down}`),
    markPoint: () => (activeTool.getState() === 'Length' ? 1 : undefined),
    removeLastMeasurement: () => measurements.set(Math.max(0, measurements.getState() - 1)),
    clearMeasurements: () => measurements.set(0),
    activateTool: (name) => activeTool.set(name),
    async slicePixels(k) {
      const plane = openSeries.getState()?.series.stack.planes[k];
      const [columns, rows] = [plane?.columns ?? 0, plane?.rows ?? 0];
      return ok({ columns, rows, values: new Float32Array(columns * rows).fill(40 + k) });
    },
    sliceOfImageId: (imageId) => openSeries.getState()?.imageIds.indexOf(imageId),
    attach: () => () => {},
    setLayout(next) {
      if (next !== 'pair') beside.set(undefined);
      layout.set(next);
      const others: Readonly<Record<Layout, readonly ViewportSlot[]>> = {
        stack: [],
        pair: ['companion'],
        mpr: ['coronal', 'sagittal'],
        quad: ['coronal', 'sagittal', 'solid'],
      };
      slots.set(['acquisition', ...others[next]]);
    },
    slotInfo: () => info,
    async open(source, study, series, options) {
      const headers = await source.seriesHeaders(study, series, options);
      if (!headers.ok) return headers;
      const images = imageSeriesOf(headers.value);
      if (!images.ok) return images;
      const open = {
        source,
        series: images.value,
        imageIds: images.value.frames.map(({ sopInstanceUID }) => sopInstanceUID),
      };
      if (beside.getState()?.series.seriesInstanceUID === images.value.seriesInstanceUID) beside.set(undefined);
      canReformat.set(images.value.stack.use === 'volume');
      presets.set(CT_PRESETS);
      displayWindow.set(CT_PRESETS[0]?.window);
      openSeries.set(open);
      goToSlice(0);
      return ok(open);
    },
    async thumbnail(source, study, series) {
      const headers = await source.seriesHeaders(study, series);
      const rgba = new Uint8ClampedArray(4 * 4 * 4).fill(140);
      return headers.ok ? ok({ width: 4, height: 4, rgba }) : headers;
    },
    close: () => openSeries.set(undefined),
    setOwnPresets: (own) =>
      presets.set([
        ...own.map(({ name, centre, width }) => ({ name, window: windowOfLevel(centre, width, 'preset') })),
        ...CT_PRESETS,
      ]),
    applyPreset: ({ window }) => displayWindow.set(window),
    setWindow: (window) => displayWindow.set(window),
    scrollToEnd: (end) => goToSlice(end === 'first' ? 0 : last()),
    scroll: (slices) => goToSlice(currentSlice.getState() + slices),
    zoom: () => {},
    resetView: () => {},
    invert: () => inverted.set(!inverted.getState()),
    setCrosshairs: (on) => crosshairs.set(on),
    registerTools: () => {},
    showLabelmap: () => () => {},
    setOverlayOpacity: (opacity) => overlayOpacity.set(opacity),
    setBrushRadius: (radius) => brushRadius.set(radius),
    setBrushRange: (range) => brushRange.set(range),
    showCalipers: () => () => {},
    onBrushStroke(listener) {
      strokes.add(listener);
      return () => strokes.delete(listener);
    },
    stroke: (k, mask) => {
      for (const listener of strokes) listener(k, mask);
    },
  };
}
