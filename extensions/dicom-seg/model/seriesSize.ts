import type { ImageSeries } from '#core/dicom/imageSeries.ts';
import type { LabelmapSize } from '#core/labelmap/labelmap.ts';

/** Size of a labelmap of the series. */
export const sizeOf = ({ stack, frames }: ImageSeries): LabelmapSize => ({
  columns: stack.planes[0]!.columns,
  rows: stack.planes[0]!.rows,
  slices: frames.length,
});
