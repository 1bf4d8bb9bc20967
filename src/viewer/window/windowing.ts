import { cache } from '@cornerstonejs/core';
import { text } from '#core/dicom/dataset.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { type IntensityWindow, type WindowPreset, windowOfLevel } from '#core/pixels/intensityWindow.ts';
import type { OpenSlices } from '../series/openSlices.ts';
import type { OwnPreset } from '../viewer.ts';
import type { PaneState } from '../viewerState.ts';
import { initialWindow, percentileWindow, presetsOf } from './autoWindow.ts';

/** The one display window of a series, its presets, and black on white or the opposite. */
export interface Windowing {
  set(window: IntensityWindow): void;
  setInverted(on: boolean): void;
  /** Window and presets from the slices given; a window that the reader chose stays. */
  setAuto(slices: OpenSlices, imageIds: readonly string[]): void;
  /** @param series what is open */
  setOwn(presets: readonly OwnPreset[], series: ImageSeries | undefined): void;
  /** As the series is first shown. */
  reset(slices: OpenSlices, imageIds: readonly string[]): void;
}

export function createWindowing(
  { displayWindow, presets, inverted }: Pick<PaneState, 'displayWindow' | 'presets' | 'inverted'>,
  applyLook: () => void,
): Windowing {
  let own: readonly OwnPreset[] = [];
  let builtIn: readonly WindowPreset[] = [];

  /** The reader's own come first: they get the number keys. */
  function listPresets(series: ImageSeries): void {
    const { modality } = series;
    const { factor, isSuv } = valueScaleOf(series);
    // Those for PET are SUV: on Bq/ml they would mean nothing.
    const apt = own.filter((preset) => preset.modality === modality && (modality !== 'PT' || isSuv));
    const mine = apt.map(({ name, centre, width }) => ({
      name,
      window: windowOfLevel(centre / factor, width / factor, 'preset'),
    }));
    presets.set([...mine, ...builtIn]);
  }

  function set(window: IntensityWindow): void {
    displayWindow.set(window);
    applyLook();
  }

  function setAuto(slices: OpenSlices, imageIds: readonly string[]): void {
    const images = imageIds.flatMap((id) => cache.getImage(id) ?? []).filter(({ color }) => !color);
    const auto = percentileWindow(images.map((image) => image.getPixelData()));
    builtIn = presetsOf(slices.series, auto);
    listPresets(slices.series);
    const window = initialWindow(slices.series, auto);
    const { source } = displayWindow.getState() ?? { source: 'percentile' };
    if (window !== undefined && source === 'percentile') set(window);
  }

  return {
    set,
    setInverted: (on) => {
      inverted.set(on);
      applyLook();
    },
    setAuto,
    setOwn: (next, series) => {
      own = next;
      if (series !== undefined) listPresets(series);
    },
    reset: (slices, imageIds) => {
      inverted.set(isMonochrome1(slices));
      displayWindow.set(undefined);
      setAuto(slices, imageIds);
    },
  };
}

const isMonochrome1 = ({ series }: OpenSlices): boolean =>
  series.frames.some(({ dataset }) => text(dataset, Tag.PhotometricInterpretation) === 'MONOCHROME1');
