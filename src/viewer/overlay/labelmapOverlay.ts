import type { Types } from '@cornerstonejs/core';
import { emptyLabelmap, type Labelmap } from '#core/labelmap/labelmap.ts';
import type { LabelmapState, Preview, ReadableState } from '#extension-api';
import type { OpenSlices } from '../series/openSlices.ts';
import { layersOfSlice, occupiedSlices, type StrokeInProgress } from './composeOverlay.ts';
import { createLabelmapLayer, createLayerImage, type LabelmapLayer } from './labelmapLayer.ts';

/** Shows a labelmap state over the open series, in whatever viewports show it. */
export interface LabelmapOverlay {
  show(state: ReadableState<LabelmapState>): () => void;
  setOpacity(opacity: number): void;
  setStroke(stroke: StrokeInProgress | undefined): void;
  /** The state shown, for the brush. */
  readonly shown: () => LabelmapState | undefined;
  seriesOpened(slices: OpenSlices): void;
  /**
   * The layers are gone with Cornerstone's segmentation state, which the caller clears.
   * @returns the images that they were made of
   */
  seriesClosed(): readonly string[];
  volumeReady(metadata: Types.Metadata): Promise<void>;
  viewportShown(viewportId: string): Promise<void>;
  viewportClosing(viewportId: string): void;
}

/** Longest that a frame writes slices, ms; the rest of many goes into the next ones. */
const PIECE_MS = 12;

type LayerName = 'segments' | 'preview';

export function createLabelmapOverlay(): LabelmapOverlay {
  let state: ReadableState<LabelmapState> | undefined;
  let slices: OpenSlices | undefined;
  let stroke: StrokeInProgress | undefined;
  let frame = 0;
  let opacity = 0.35;
  let volumeMetadata: Types.Metadata | undefined;
  const layers = new Map<LayerName, LabelmapLayer>();
  /** Images of layers that are being made. */
  const unfinished = new Map<LayerName, string[]>();
  const viewports = new Set<string>();
  let images: string[] = [];

  /**
   * Made when there is something to show: an empty one costs a byte per voxel as well.
   * @returns undefined where time was up before it had all its images; the next call goes on with them
   */
  function layer(name: LayerName, series: OpenSlices, deadline: number): LabelmapLayer | undefined {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const imageIds = unfinished.get(name) ?? [];
    unfinished.set(name, imageIds);
    do imageIds.push(createLayerImage(series, imageIds.length));
    while (imageIds.length < series.imageIds.length && performance.now() < deadline);
    if (imageIds.length < series.imageIds.length) return undefined;
    unfinished.delete(name);
    images.push(...imageIds);
    const made = createLabelmapLayer(`${name}-${series.opening}`, series, imageIds);
    layers.set(name, made);
    styleLayer(name, made);
    void represent(made);
    return made;
  }

  async function represent(made: LabelmapLayer): Promise<void> {
    // Viewports that come later show the layer themselves.
    const present = [...viewports];
    if (volumeMetadata !== undefined) await made.attachVolume(volumeMetadata);
    for (const viewportId of present) {
      if (viewports.has(viewportId)) await made.showIn(viewportId);
      // Cornerstone prepares a layer for all viewports in one task, which is long.
      await new Promise(requestAnimationFrame);
    }
  }

  /** In the next frame: changes come in bursts, and drawing them is not the business of whoever made them. */
  function refreshSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(refresh);
  }

  /** The preview is drawn lighter and with a thinner line: it is a proposal. */
  function styleLayer(name: LayerName, made: LabelmapLayer): void {
    const outlineOpacity = opacity === 0 ? 0 : 1;
    made.setStyle(
      name === 'segments'
        ? { fillAlpha: opacity, outlineWidth: 2, outlineOpacity }
        : { fillAlpha: opacity * 0.5, outlineWidth: 1, outlineOpacity },
    );
  }

  function refresh(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    if (slices === undefined) return;
    const { rows, columns } = slices.series.stack.planes[0]!;
    const size = { columns, rows, slices: slices.imageIds.length };
    const shown = state?.getState();
    const fits = (labelmap: Labelmap): boolean =>
      labelmap.size.columns === columns && labelmap.size.rows === rows && labelmap.size.slices === size.slices;
    const labelmap = shown && fits(shown.journal.labelmap) ? shown.journal.labelmap : emptyLabelmap(size);
    const deadline = performance.now() + PIECE_MS;
    const drawn = showSegments(slices, labelmap, shown?.preview?.instead, deadline);
    if (!(showPreview(slices, shown?.preview, rows * columns, deadline) && drawn)) refreshSoon();
  }

  /** False where time was up before all was drawn. */
  function showSegments(
    series: OpenSlices,
    labelmap: Labelmap,
    instead: Preview['instead'],
    deadline: number,
  ): boolean {
    const occupied = new Set(occupiedSlices(labelmap));
    if (stroke !== undefined && stroke.segment !== 'pending') occupied.add(stroke.k);
    if (occupied.size === 0 && !layers.has('segments')) return true;
    const target = layer('segments', series, deadline);
    if (target === undefined) return false;
    target.setColors(labelmap.segments.map(({ color, opacity = 1 }) => ({ color, opacity })));
    // While the button is down only the slice under the brush is drawn.
    const only = stroke === undefined ? undefined : 'acquisition';
    return target.update(occupied, (k) => layersOfSlice(labelmap, k, stroke, instead), { only, deadline });
  }

  function showPreview(series: OpenSlices, preview: Preview | undefined, pixels: number, deadline: number): boolean {
    const drawn = stroke?.segment === 'pending' ? stroke : undefined;
    if (preview === undefined && drawn === undefined && !layers.has('preview')) return true;
    const target = layer('preview', series, deadline);
    if (target === undefined) return false;
    if (preview !== undefined) target.setColors([{ color: preview.color, opacity: 1 }]);
    const fitting = [...(preview?.slices ?? [])].filter(
      ([k, mask]) => k < series.imageIds.length && mask.length === pixels,
    );
    const byK = new Map(fitting);
    if (drawn !== undefined) byK.set(drawn.k, drawn.mask);
    const only = stroke === undefined ? undefined : 'acquisition';
    return target.update(new Set(byK.keys()), (k) => [[1, byK.get(k)!]], { only, deadline });
  }

  return {
    show: (next) => {
      state = next;
      const stop = next.subscribe(refreshSoon);
      refresh();
      return () => {
        stop();
        if (state === next) state = undefined;
        refresh();
      };
    },
    setOpacity: (next) => {
      opacity = Math.min(1, Math.max(0, next));
      for (const [name, made] of layers) styleLayer(name, made);
    },
    setStroke: (next) => {
      stroke = next;
      refreshSoon();
    },
    shown: () => state?.getState(),
    seriesOpened: (opened) => {
      slices = opened.series.stack.use === 'view' ? undefined : opened;
      refresh();
    },
    seriesClosed: () => {
      const left = [...images, ...[...unfinished.values()].flat()];
      images = [];
      slices = undefined;
      stroke = undefined;
      volumeMetadata = undefined;
      layers.clear();
      unfinished.clear();
      viewports.clear();
      return left;
    },
    volumeReady: async (metadata) => {
      volumeMetadata = metadata;
      for (const made of layers.values()) await made.attachVolume(metadata);
    },
    viewportShown: async (viewportId) => {
      viewports.add(viewportId);
      for (const made of layers.values()) await made.showIn(viewportId);
    },
    viewportClosing: (viewportId) => {
      viewports.delete(viewportId);
      for (const made of layers.values()) made.hideFrom(viewportId);
    },
  };
}
