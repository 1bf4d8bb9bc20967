import type { Types } from '@cornerstonejs/core';
import { emptyLabelmap, type Labelmap } from '#core/labelmap/labelmap.ts';
import type { LabelmapState, Preview, ReadableState } from '#extension-api';
import type { OpenSlices } from '../series/openSlices.ts';
import { layersOfSlice, occupiedSlices, type StrokeInProgress } from './composeOverlay.ts';
import { createLabelmapLayer, type LabelmapLayer } from './labelmapLayer.ts';

/** Shows a labelmap state over the open series, in whatever viewports show it. */
export interface LabelmapOverlay {
  show(state: ReadableState<LabelmapState>): () => void;
  setOpacity(opacity: number): void;
  setStroke(stroke: StrokeInProgress | undefined): void;
  /** The state shown, for the brush. */
  readonly shown: () => LabelmapState | undefined;
  seriesOpened(slices: OpenSlices): void;
  /** The layers are gone with Cornerstone's segmentation state, which the caller clears. */
  seriesClosed(): void;
  volumeReady(metadata: Types.Metadata): Promise<void>;
  viewportShown(viewportId: string): Promise<void>;
  viewportClosing(viewportId: string): void;
}

type LayerName = 'segments' | 'preview';

export function createLabelmapOverlay(): LabelmapOverlay {
  let state: ReadableState<LabelmapState> | undefined;
  let slices: OpenSlices | undefined;
  let stroke: StrokeInProgress | undefined;
  let frame = 0;
  let opacity = 0.35;
  let volumeMetadata: Types.Metadata | undefined;
  const layers = new Map<LayerName, LabelmapLayer>();
  const viewports = new Set<string>();

  /** Made when there is something to show: an empty one costs a byte per voxel as well. */
  function layer(name: LayerName, series: OpenSlices): LabelmapLayer {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const made = createLabelmapLayer(`${name}-${series.opening}`, series);
    layers.set(name, made);
    styleLayer(name, made);
    void represent(made);
    return made;
  }

  async function represent(made: LabelmapLayer): Promise<void> {
    if (volumeMetadata !== undefined) await made.attachVolume(volumeMetadata);
    for (const viewportId of viewports) await made.showIn(viewportId);
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
    showSegments(slices, labelmap);
    showPreview(slices, shown?.preview, rows * columns);
  }

  function showSegments(series: OpenSlices, labelmap: Labelmap): void {
    const occupied = new Set(occupiedSlices(labelmap));
    if (stroke !== undefined && stroke.segment !== 'pending') occupied.add(stroke.k);
    if (occupied.size === 0 && !layers.has('segments')) return;
    const target = layer('segments', series);
    target.setColors(labelmap.segments.map(({ color, opacity = 1 }) => ({ color, opacity })));
    // While the button is down only the slice under the brush is drawn.
    const only = stroke === undefined ? undefined : 'acquisition';
    target.update(occupied, (k) => layersOfSlice(labelmap, k, stroke), only);
  }

  function showPreview(series: OpenSlices, preview: Preview | undefined, pixels: number): void {
    const drawn = stroke?.segment === 'pending' ? stroke : undefined;
    if (preview === undefined && drawn === undefined && !layers.has('preview')) return;
    const target = layer('preview', series);
    if (preview !== undefined) target.setColors([{ color: preview.color, opacity: 1 }]);
    const fitting = [...(preview?.slices ?? [])].filter(
      ([k, mask]) => k < series.imageIds.length && mask.length === pixels,
    );
    const byK = new Map(fitting);
    if (drawn !== undefined) byK.set(drawn.k, drawn.mask);
    const only = stroke === undefined ? undefined : 'acquisition';
    target.update(new Set(byK.keys()), (k) => [[1, byK.get(k)!]], only);
  }

  return {
    show: (next) => {
      state = next;
      const stop = next.subscribe(refresh);
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
      // Moves of the mouse come faster than frames.
      if (frame === 0) frame = requestAnimationFrame(() => refresh());
    },
    shown: () => state?.getState(),
    seriesOpened: (opened) => {
      slices = opened.series.stack.use === 'view' ? undefined : opened;
      refresh();
    },
    seriesClosed: () => {
      slices = undefined;
      stroke = undefined;
      volumeMetadata = undefined;
      layers.clear();
      viewports.clear();
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
