import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { IntensityWindow } from '#core/pixels/intensityWindow.ts';
import type { BesideSeries } from '#extension-api';
import type { SliceSource } from '../segmenter/sliceSource.ts';

/** A series of the viewer as a segmenter needs it, whether it is on the screen or beside it. */
export function sourceOfSeries(
  { stack }: Pick<ImageSeries, 'stack'>,
  window: IntensityWindow,
  pixels: Pick<BesideSeries, 'slicePixels'>,
): SliceSource {
  const { columns, rows, columnSpacing, rowSpacing } = stack.planes[0]!;
  return {
    columns,
    rows,
    geometry: { positions: stack.positions, columnSpacing, rowSpacing },
    window,
    slice: (k, { signal } = {}) => pixels.slicePixels(k, signal === undefined ? {} : { signal }),
  };
}
