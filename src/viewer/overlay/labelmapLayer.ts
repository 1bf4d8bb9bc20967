import { cache, imageLoader, type Types } from '@cornerstonejs/core';
import * as tools from '@cornerstonejs/tools';
import type { Rgb } from '#core/labelmap/segment.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import { volumeOfImages } from '../series/sliceVolume.ts';
import { displayLabel, type SliceLayers, sameLayers, writeLayers } from './composeOverlay.ts';
import { repaintSlices } from './repaint.ts';

const { Labelmap } = tools.Enums.SegmentationRepresentations;

export interface LayerStyle {
  readonly fillAlpha: number;
  readonly outlineWidth: number;
  readonly outlineOpacity: number;
}

/**
 * One Cornerstone segmentation: a byte of display label per pixel, one derived image per slice. The stack shows these images, and
 * the reformats a volume over the same images, so that there is nothing to keep in step.
 */
export interface LabelmapLayer {
  /**
   * Rewrites the slices whose layers are not those shown, and draws them when all are written.
   * @param only viewport that is drawn now; the others follow at the next update without it
   * @param deadline on the clock of `performance.now`: no slice is begun after it, but for the first
   * @returns false where slices are left for another update
   */
  update(
    slices: ReadonlySet<number>,
    layersOf: (k: number) => SliceLayers,
    pace: { readonly only: string | undefined; readonly deadline: number },
  ): boolean;
  /** By position in the list of segments; opacity 0..1 on top of the style's own. */
  setColors(colors: readonly { readonly color: Rgb; readonly opacity: number }[]): void;
  setStyle(style: LayerStyle): void;
  /** Shows the layer in a viewport that already shows the series. */
  showIn(viewportId: string): Promise<void>;
  /** From now on the volume is used in reformats. Call once, when all slices are cached, before showing in one. */
  attachVolume(metadata: Types.Metadata): Promise<void>;
  /** To be called before the viewport is disabled. */
  hideFrom(viewportId: string): void;
}

/** The empty image of slice k for a layer; its id. */
export const createLayerImage = ({ imageIds }: OpenSlices, k: number): string =>
  imageLoader.createAndCacheDerivedLabelmapImage(imageIds[k]!).imageId;

/** @param imageIds of {@link createLayerImage}, one for each slice */
export function createLabelmapLayer(
  segmentationId: string,
  slices: OpenSlices,
  imageIds: readonly string[],
): LabelmapLayer {
  const shown = new Map<number, SliceLayers>();
  const viewports = new Set<string>();
  let volumeId: string | undefined;
  let othersBehind = false;
  /** Written since the last drawing. */
  const undrawn = new Set<number>();
  const colorTable = tools.segmentation.config.color.addColorLUT([[0, 0, 0, 0]]);
  register();

  function register(): void {
    const data = volumeId === undefined ? { imageIds: [...imageIds] } : { imageIds: [...imageIds], volumeId };
    tools.segmentation.addSegmentations([
      { segmentationId, representation: { type: Labelmap, data: data as tools.Types.LabelmapSegmentationData } },
    ]);
  }

  async function represent(viewportId: string): Promise<void> {
    tools.segmentation.segmentationStyle.setRenderInactiveSegmentations(viewportId, true);
    await tools.segmentation.addLabelmapRepresentationToViewport(viewportId, [
      { segmentationId, config: { colorLUTOrIndex: colorTable } },
    ]);
  }

  function pixelsOf(k: number): Uint8Array {
    return cache.getImage(imageIds[k]!)!.voxelManager!.getScalarData() as Uint8Array;
  }

  return {
    update: (occupied, layersOf, { only, deadline }) => {
      let written = 0;
      for (const k of new Set([...occupied, ...shown.keys()])) {
        const layers = occupied.has(k) ? layersOf(k) : [];
        if (sameLayers(layers, shown.get(k) ?? [])) continue;
        if (written > 0 && performance.now() > deadline) return false;
        writeLayers(layers, pixelsOf(k));
        if (layers.length === 0) shown.delete(k);
        else shown.set(k, layers);
        undrawn.add(k);
        written += 1;
      }
      if (undrawn.size === 0 && (!othersBehind || only !== undefined)) return true;
      repaintSlices([...undrawn], imageIds, volumeId, only === undefined ? viewports : [only]);
      undrawn.clear();
      othersBehind = only !== undefined;
      return true;
    },
    setColors: (colors) => {
      // Cornerstone keeps a copy of the table that it was given: this is the live one.
      const live = tools.segmentation.state.getColorLUT(colorTable);
      const rgba = colors.map(({ color: [r, g, b], opacity }): Types.Color => [r, g, b, Math.round(255 * opacity)]);
      if (live === undefined || rgba.every((color, position) => sameColor(color, live[displayLabel(position)]))) return;
      rgba.forEach((color, position) => {
        live[displayLabel(position)] = color;
      });
      tools.segmentation.triggerSegmentationEvents.triggerSegmentationModified(segmentationId);
    },
    setStyle: ({ fillAlpha, outlineWidth, outlineOpacity }) => {
      tools.segmentation.segmentationStyle.setStyle(
        { segmentationId, type: Labelmap },
        {
          renderFill: true,
          renderFillInactive: true,
          renderOutline: true,
          renderOutlineInactive: true,
          fillAlpha,
          fillAlphaInactive: fillAlpha,
          outlineWidth,
          outlineWidthInactive: outlineWidth,
          outlineOpacity,
          outlineOpacityInactive: outlineOpacity,
        },
      );
      tools.segmentation.triggerSegmentationEvents.triggerSegmentationModified(segmentationId);
    },
    showIn: async (viewportId) => {
      if (viewports.has(viewportId)) return;
      viewports.add(viewportId);
      await represent(viewportId);
    },
    hideFrom: (viewportId) => {
      viewports.delete(viewportId);
      tools.segmentation.removeSegmentationRepresentations(viewportId, { segmentationId });
    },
    attachVolume: async (metadata) => {
      const { grid } = slices.series.stack;
      if (grid === undefined || volumeId !== undefined) return;
      volumeId = `${segmentationId}-volume`;
      volumeOfImages(volumeId, imageIds, grid, 'Uint8Array', metadata);
      // The segmentation learns of its volume only when it is made anew; the images and their voxels stay.
      tools.segmentation.removeSegmentation(segmentationId);
      register();
      for (const viewportId of viewports) await represent(viewportId);
    },
  };
}

const sameColor = (a: Types.Color, b: Types.Color | undefined): boolean =>
  b !== undefined && a.every((value, index) => value === b[index]);
