import { number } from '#core/dicom/dataset.ts';
import { functionalGroup } from '#core/dicom/frameAttributes.ts';
import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import { Tag } from '#core/dicom/tags.ts';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import { CT_PRESETS, type IntensityWindow, type WindowPreset, windowOfLevel } from '#core/pixels/intensityWindow.ts';
import { text } from '../text.ts';

/** Enough for a stable half per cent, few enough to sort between two frames. */
const SAMPLES = 100_000;

/** Window from the 0.5th to the 99.5th percentile of the slices given; undefined where all values are equal. */
export function percentileWindow(slices: readonly ArrayLike<number>[]): IntensityWindow | undefined {
  const total = slices.reduce((sum, slice) => sum + slice.length, 0);
  const step = Math.max(1, Math.floor(total / SAMPLES));
  const samples: number[] = [];
  for (const slice of slices) for (let index = 0; index < slice.length; index += step) samples.push(slice[index]!);
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [lower, upper] = [at(0.005), at(0.995)];
  return upper > lower ? { lower, upper, source: 'percentile' } : undefined;
}

const FRAME_VOI_LUT_SEQUENCE = '00289132';

/** The first window of the middle slice's VOI LUT (PS3.3 C.11.2), in modality units. */
export function windowOfHeader(series: ImageSeries): IntensityWindow | undefined {
  const frame = series.frames[series.frames.length >> 1];
  if (frame === undefined) return undefined;
  const group = functionalGroup(frame.dataset, (frame.frameNumber ?? 1) - 1, FRAME_VOI_LUT_SEQUENCE);
  const center = number(group, Tag.WindowCenter);
  const width = number(group, Tag.WindowWidth);
  return center === undefined || width === undefined || width < 1 ? undefined : windowOfLevel(center, width, 'dicom');
}

/** SUV at the upper end of the presets, in number-key order; the second is how a PET is first shown. */
const SUV_ENDS = [5, 7, 10, 15] as const;
const FIRST_SUV_END = 7;

/** From 0 to a SUV, in modality units; undefined where the series has no SUV. */
function suvWindow(series: ImageSeries, upTo: number): IntensityWindow | undefined {
  const { isSuv, factor } = valueScaleOf(series);
  return isSuv ? { lower: 0, upper: upTo / factor, source: 'preset' } : undefined;
}

/** The window in which a series is first shown: its own, CT soft tissue, SUV 0 to 7, else what its values span. */
export function initialWindow(series: ImageSeries, auto: IntensityWindow | undefined): IntensityWindow | undefined {
  const usual = series.modality === 'CT' ? CT_PRESETS[0]!.window : suvWindow(series, FIRST_SUV_END);
  return windowOfHeader(series) ?? usual ?? auto;
}

/** Presets in number-key order. Where a modality has no scale of its own they are made from the values. */
export function presetsOf(series: ImageSeries, auto: IntensityWindow | undefined): readonly WindowPreset[] {
  const header = windowOfHeader(series);
  const own: readonly WindowPreset[] = header === undefined ? [] : [{ name: text.presets.fromFile, window: header }];
  if (series.modality === 'CT') return [...CT_PRESETS, ...own];
  const suv = SUV_ENDS.flatMap((upTo): WindowPreset[] => {
    const window = suvWindow(series, upTo);
    return window === undefined ? [] : [{ name: text.presets.suv(upTo), window }];
  });
  if (auto === undefined) return [...suv, ...own];
  const upTo = (share: number): IntensityWindow => ({
    lower: auto.lower,
    upper: auto.lower + share * (auto.upper - auto.lower),
    source: 'percentile',
  });
  return [
    ...suv,
    { name: text.presets.auto, window: auto },
    { name: text.presets.wider, window: upTo(1.6) },
    { name: text.presets.narrower, window: upTo(0.6) },
    ...own,
  ];
}
