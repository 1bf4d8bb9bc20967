import { cache } from '@cornerstonejs/core';
import { valueScaleOf } from '#core/dicom/valueScale.ts';
import type { OpenSlices } from './openSlices.ts';

/** Modality values of slice k as far as they are loaded. */
export function loadedValues({ imageIds, failures, exact }: OpenSlices, k: number): ArrayLike<number> | undefined {
  const image = cache.getImage(imageIds[k] ?? '');
  return !image || image.color || failures.has(k) ? undefined : (exact.get(k) ?? image.getPixelData());
}

/** Modality value of a voxel; undefined outside of the series and where its pixels are not there. */
function valueAt(slices: OpenSlices, i: number, j: number, k: number): number | undefined {
  const plane = slices.series.stack.planes[k];
  if (plane === undefined || i < 0 || j < 0 || i >= plane.columns || j >= plane.rows) return undefined;
  return loadedValues(slices, k)?.[j * plane.columns + i];
}

/** '45 HU', '4.32 SUVbw', '54030 Bq/ml'; four digits where other values are not whole, and never a power of ten. */
export function valueText(slices: OpenSlices, i: number, j: number, k: number): string | undefined {
  const value = valueAt(slices, i, j, k);
  if (value === undefined) return undefined;
  const { factor, units, isSuv } = valueScaleOf(slices.series);
  const shown = value * factor;
  const whole = Number.isInteger(shown) || Math.abs(shown) >= 1000;
  const figures = isSuv ? shown.toFixed(2) : whole ? shown.toFixed(0) : shown.toPrecision(4);
  return `${figures} ${units}`.trim();
}
